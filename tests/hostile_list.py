"""The hostile requests made by hand (hostile_requests.py has those made by chance): each with the classes of status that may answer it."""

from collections.abc import Iterator

from hostile_headers import headers
from hostile_messages import bodies, encodings, lengths, lines
from hostile_pages import everywhere, reconciliation
from hostile_queries import parameters, texts
from hostile_requests import Hostile


def hand_made(routes: list[str]) -> Iterator[Hostile]:
    """Yield the list; `routes` are the paths of the server with placeholders filled."""
    for kind in (lines, lengths, bodies, encodings, texts, headers, parameters, reconciliation):
        yield from kind()
    yield from everywhere(routes)
