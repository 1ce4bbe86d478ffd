"""Where an IRI of the graph answers on this server, and which IRI a request asks for.

An IRI below the base answers at /id/ and the rest of it, a term of the ontology at /ontology#Name. IRIs hold percent
signs (an article's id is encoded into one segment) and are compared letter by letter, but servers and proxies decode
paths: the undecoded path goes first, then what it could have been.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

from pyoxigraph import NamedNode

from kg.vocab import KG_NAMESPACE

PATH = "/id/"
ONTOLOGY, SHAPES = "/ontology", "/shapes"
_HASHED = {KG_NAMESPACE: ONTOLOGY, KG_NAMESPACE.removesuffix("ontology#") + "shapes#": SHAPES}
# What may stand in a path as it is (RFC 3986, pchar and /); a percent sign belongs to the IRI.
_PLAIN = "/%:@!$&'()*+,;=~"
# The segments around an encoded article id, by the shapes in kg.iris; the id itself was decoded, and may hold slashes.
_INSIDE = re.compile(r"(?P<before>article|event)/(?P<id>.+)/(?P<after>[0-9a-f]{12}(?:/(?:[a-z]+/)?[^/]+)?)", re.DOTALL)
_WHOLE = re.compile(r"(?P<before>[^/]+)/(?P<id>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """Something on a page that can be followed: its words, its IRI, and where it answers; None for what must not be a link."""

    text: str
    iri: str
    href: str | None


def link(iri: str, text: str, base: str) -> Link:
    """Return a link to a node: on this server where it answers here, else out to the web by http or https only."""
    return Link(text or iri, iri, address(iri, base))


def address(iri: str, base: str) -> str | None:
    """Return where an IRI answers.

    >>> address("https://kg.example/city/vestby.no", "https://kg.example/")
    '/id/city/vestby.no'
    >>> address("javascript:alert(1)", "https://kg.example/") is None
    True
    """
    if iri.startswith(base) and iri != base:
        return PATH + quote(iri.removeprefix(base), safe=_PLAIN)
    for namespace, page in _HASHED.items():
        if iri.startswith(namespace):
            return f"{page}#{quote(iri.removeprefix(namespace), safe='')}"
    return iri if is_web_address(iri) else None


def is_web_address(text: str) -> bool:
    """Return whether a text may stand as a link to the web: http or https, with a host, no blanks and no control characters."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\x00-\x20\x7f]", text)


def asked_nodes(raw: str | None, decoded: str, base: str) -> Iterator[NamedNode]:
    """Yield the IRIs that a request may mean, the likeliest first: `raw` and `decoded` are the path after /id/."""
    seen = set()
    for rest in _spellings(raw, decoded):
        if rest not in seen:
            seen.add(rest)
            try:
                yield NamedNode(base + rest)
            except ValueError:  # no IRI at all
                continue


def raw_path(environ: dict[str, object]) -> str | None:
    """Return the path of the request line after /id/ as the client wrote it, or None where the server does not keep it.

    Not in PEP 3333, but server.views keeps it, as WSGI servers do under one of two names; some keep an absolute URI.
    """
    for name in ("REQUEST_URI", "RAW_URI"):
        given = environ.get(name)
        if isinstance(given, str) and given:
            path = given.partition("?")[0].partition("#")[0]
            if not path.startswith("/"):
                path = "/" + path.partition("://")[2].partition("/")[2]
            _, found, rest = path.partition(PATH)
            return rest if found else None
    return None


def _spellings(raw: str | None, decoded: str) -> Iterator[str]:
    if raw:
        # A client may send letters beyond ASCII as they are, and the small letters of %2f mean the same as the capitals.
        plain = re.sub("%[0-9a-fA-F]{2}", lambda found: found[0].upper(), raw)
        yield raw
        yield plain
        yield quote(unquote_to_bytes(plain), safe="/:@!$&'()*+,;=~")
        yield unquote(plain)
    yield decoded
    for shape in (_INSIDE, _WHOLE):
        if found := shape.fullmatch(decoded):
            after = f"/{found['after']}" if "after" in shape.groupindex else ""
            yield f"{found['before']}/{quote(found['id'], safe='')}{after}"
            # Unnamed things: the id ends with the offsets of the words. Dots alone are encoded, see kg.iris.article_iri.
            if set(found["id"]) == {"."}:
                yield f"{found['before']}/{found['id'].replace('.', '%2E')}{after}"
