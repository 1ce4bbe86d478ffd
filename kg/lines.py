"""What the filters read from a pipe: article graphs from N-Quads, kept together as they were written."""

from collections.abc import Iterator
from itertools import groupby
from typing import BinaryIO

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.iris import QUARANTINE


class BadLines(ValueError):
    """The input is no N-Quads of articles; the message names the graph or the line, and the remedy."""


def article_graphs(lines: BinaryIO, base: str) -> Iterator[tuple[str, tuple[Quad, ...], tuple[Quad, ...]]]:
    """Yield each version with its quads and those already in quarantine; derived graphs are passed over."""
    seen = set()
    try:
        for version, group in groupby(parse(lines, format=RdfFormat.N_QUADS), key=_version_of):
            if version.startswith(f"{base}graph/"):
                continue
            if version in seen or not version.startswith(f"{base}article/"):
                why = "comes twice; sort the lines by graph" if version in seen else f"is no article version below {base}; give its --base"
                raise BadLines(f"{lines.name}: the graph {version!r} {why}")
            seen.add(version)
            quads = tuple(group)
            article = NamedNode(version)
            yield (
                version,
                tuple(quad for quad in quads if quad.graph_name == article),
                tuple(quad for quad in quads if quad.graph_name != article),
            )
    except SyntaxError as error:
        raise BadLines(f"{lines.name}: not N-Quads: {error}") from error


def _version_of(quad: Quad) -> str:
    return quad.graph_name.value.removesuffix(QUARANTINE) if isinstance(quad.graph_name, NamedNode) else ""
