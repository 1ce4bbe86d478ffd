"""What a request to /sparql asks for: the SPARQL 1.1 Protocol's ways to send a query or an update."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.http import parse_options_header

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_DATASET = {"default-graph-uri", "named-graph-uri"}
_MOST_PARAMETERS = 1_000

Parameters = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for: a query or an update, and the protocol's other parameters."""

    query: str | None
    update: str | None
    parameters: Parameters

    def one(self, name: str) -> str:
        """Return a parameter that may stand once, "" where it does not stand."""
        given = self.parameters.get(name, [])
        if len(given) > 1:
            raise BadRequest(f"{len(given)} parameters named {name} were sent; send one")
        return given[0] if given else ""


def read_operation(method: str, address: bytes, content_type: str, body: bytes) -> Operation | None:
    """Return what a request asks for, None where it asks for nothing; BadRequest and the like where it is malformed.

    `address` is the part of the address after the question mark.
    """
    in_address = _parameters(address)
    if method in ("GET", "HEAD"):
        if "update" in in_address:
            raise BadRequest("an update cannot be sent by GET; send it by POST")
        return _single(in_address) if "query" in in_address or in_address.keys() & _DATASET else None
    media_type, options = parse_options_header(content_type)
    media_type = media_type.lower()
    if method == "POST" and media_type == _FORM:
        if "query" in in_address or "update" in in_address:
            raise BadRequest("the query stands in the address and the method is POST; send it in the form or as the body")
        return _single({**in_address, **_parameters(body)})
    if media_type == _QUERY or (media_type == _UPDATE and method == "POST"):
        _refuse(in_address, "query", "update")
        text = _text(body, options.get("charset", "utf-8"))
        return Operation(text, None, in_address) if media_type == _QUERY else Operation(None, text, in_address)
    raise UnsupportedMediaType(f"send {_QUERY}, {_UPDATE} or {_FORM}, not {media_type or 'a body without Content-Type'!r}")


def _single(parameters: Parameters) -> Operation:
    queries, updates = parameters.get("query", []), parameters.get("update", [])
    if len(queries) + len(updates) != 1:
        raise BadRequest(f"{len(queries)} parameters named query and {len(updates)} named update were sent; send one of them")
    return Operation(queries[0] if queries else None, updates[0] if updates else None, parameters)


def _refuse(parameters: Parameters, *names: str) -> None:
    for name in names:
        if name in parameters:
            raise BadRequest(f"{name} stands in the address and the body is another; send one of them")


def _parameters(encoded: bytes) -> dict[str, list[str]]:
    """Return form fields; BadRequest where they are not UTF-8, as the form's media type has it."""
    if encoded.count(b"&") >= _MOST_PARAMETERS:
        raise BadRequest(f"more than {_MOST_PARAMETERS} parameters were sent")
    found: dict[str, list[str]] = {}
    try:
        for pair in encoded.split(b"&"):
            name, _, value = pair.partition(b"=")
            if pair:
                found.setdefault(_decoded(name), []).append(_decoded(value))
    except UnicodeDecodeError as error:
        raise BadRequest(f"the parameters are not percent-encoded UTF-8 (byte {error.start})") from error
    return found


def _decoded(encoded: bytes) -> str:
    """Decode a name or value (urllib's parse_qsl takes three times as long)."""
    return unquote_to_bytes(encoded.replace(b"+", b" ")).decode()


def _text(body: bytes, charset: str) -> str:
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(f"the body is said to be {charset!r}; send it as UTF-8")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"the body is not UTF-8 (byte {error.start})") from error
