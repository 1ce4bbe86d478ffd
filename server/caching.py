"""What HTTP caches need: ETags made of the generation, 304 by If-None-Match, and answers pressed as the client accepts (RFC 9110)."""

import gzip
import hashlib

import zstandard
from flask import Response, request
from werkzeug.http import unquote_etag

from kg.generations import Generation
from kg.limits import count_limit

_TABLE = "page_limits"
# Pressed already; text, RDF, JSON and SVG are not.
_PRESSED = ("image/png", "image/jpeg", "image/webp", "font/", "application/gzip", "application/zip", "application/zstd")


def etag(generation: Generation, *parts: str) -> str:
    """Return the weak ETag of an answer made from a generation; `parts` are what else its bytes hang on (path, format, page).

    Weak, since the same answer may go out in several content codings.
    """
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f'W/"{generation.mark}-{digest[:12]}"'


def content_etag(*parts: bytes) -> str:
    """Return the weak ETag of an answer that hangs on no generation, made of its bytes."""
    return f'W/"{hashlib.sha256(b"".join(parts)).hexdigest()[:24]}"'


def not_modified(tag: str) -> bool:
    """Return whether the client of this request has the answer of this tag already: If-None-Match, by weak comparison.

    Only GET and HEAD (and QUERY, which is safe too) may be answered 304.
    """
    if request.method not in ("GET", "HEAD", "QUERY"):
        return False
    value, _ = unquote_etag(tag)
    return value is not None and request.if_none_match.contains_weak(value)


def unchanged(tag: str, *, vary: str = "") -> Response:
    """Return the 304 answer; it carries the headers a cache updates its copy by."""
    response = Response(status=304)
    response.headers["ETag"] = tag
    if vary:
        response.headers["Vary"] = vary
    return response


def compressed(response: Response) -> Response:
    """Return a whole answer pressed with zstd or gzip if the client likes one of them as well as plain bytes; sets Vary.

    Streams, parts of answers and what is pressed already stay as they are.
    """
    is_whole = response.status_code not in (204, 206, 304) and not response.is_streamed and not response.direct_passthrough
    if not is_whole or "Content-Encoding" in response.headers or (response.mimetype or "").startswith(_PRESSED):
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    coding = _coding()
    if coding == "identity" or len(body) < count_limit("compressed-least", _TABLE):
        return response
    if coding == "zstd":
        response.set_data(zstandard.ZstdCompressor(level=count_limit("zstd-level", _TABLE)).compress(body))
    else:
        response.set_data(gzip.compress(body, count_limit("gzip-level", _TABLE), mtime=0))
    response.headers["Content-Encoding"] = coding
    return response


def accepts_coding(coding: str) -> bool:
    """Return whether the client of this request likes a content coding at least as well as plain bytes."""
    weight = request.accept_encodings.quality(coding)
    return 0 < weight >= _plain_weight()


def _coding() -> str:
    """Return the coding that the client likes best; of equals the first: zstd, gzip, identity."""
    return max(("zstd", "gzip", "identity"), key=lambda coding: _plain_weight() if coding == "identity" else _weight(coding))


def _weight(coding: str) -> float:
    return float(request.accept_encodings.quality(coding)) or -1.0


def _plain_weight() -> float:
    """Return the weight of plain bytes: always acceptable unless refused, but liked only as well as is said."""
    named = [quality for value, quality in request.accept_encodings if value.lower() == "identity"]
    return float(named[0]) if named else 0.0
