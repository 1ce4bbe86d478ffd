"""From Accept and Accept-Encoding headers to a format and an encoding, by RFC 9110."""

import re
from functools import lru_cache
from typing import Literal

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

# Media types by the short names of `?format=`; the first of each table is what a client gets that asks for none.
SOLUTIONS = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPHS = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/ld+json": "jsonld",
    "application/trig": "trig",
    "application/n-quads": "nq",
    "text/n3": "n3",
}
# What clients and people write for them too.
_OTHER_NAMES = {
    "turtle": "ttl",
    "ntriples": "nt",
    "nquads": "nq",
    "rdfxml": "rdf",
    "rdf+xml": "rdf",
    "json-ld": "jsonld",
    "srj": "json",
    "srx": "xml",
}

# Some clients name the one charset that there is; no media type of ours has it as a parameter.
_CHARSET = re.compile(r";\s*charset=[^;,]*", re.IGNORECASE)


@lru_cache(maxsize=512)
def choose(offers: Literal["solutions", "graph"], accept: str, short_name: str) -> str | None:
    """Return the media type that a client likes best, or None if it takes nothing of what there is (406).

    No Accept header means the first offer. A short name (or a media type), which people type into a URL, goes before the
    header; one that belongs to the other kind of result leaves the header to decide.
    """
    table = SOLUTIONS if offers == "solutions" else GRAPHS
    wanted = short_name.lower()
    wanted = _OTHER_NAMES.get(wanted, wanted)
    if wanted and (named := next((media_type for media_type, name in table.items() if wanted in (media_type, name)), None)):
        return named
    if wanted and not is_known(wanted):
        return None
    if not accept:
        return next(iter(table))
    return parse_accept_header(_CHARSET.sub("", accept), MIMEAccept).best_match(table)


def is_known(short_name: str) -> bool:
    """Return whether a short name or media type is one of either table."""
    tables = SOLUTIONS | GRAPHS
    return short_name in tables or short_name in tables.values()


def content_type(media_type: str) -> str:
    """Return a media type as an answer's header says it: all text is UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


@lru_cache(maxsize=128)
def choose_encoding(accept_encoding: str) -> Literal["gzip", "zstd"] | None:
    """Return the content coding that a client likes best; None for none, which every client takes."""
    accepted = parse_accept_header(accept_encoding)
    liked = {"zstd": accepted["zstd"], "gzip": accepted["gzip"]}
    if not max(liked.values()):
        return None
    return "zstd" if liked["zstd"] >= liked["gzip"] else "gzip"
