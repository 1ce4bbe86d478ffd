"""What must hold of the answer to a hostile request, and of the server after many."""

import re
import sys
from pathlib import Path

from hostile_requests import Hostile, Reply, filled, send
from served import THREADS, Held, Server, settled

from server import create_app

_ROOT = Path(__file__).parent.parent
# A query may take more than it is given; a transfer coding may be unknown (RFC 9112, 6.1).
_INTENDED = {501, 503}
# What would tell of the inside: where things lie, what they are written in, of which version.
_INSIDE = re.compile(
    rb"Traceback|File \"|site-packages|werkzeug|uvicorn|flask|rocksdb|Python/\d|oxigraph/\d|panicked|\.py\b", re.IGNORECASE
)
_NAMED = re.compile(rb"^Server: (.*?)\r?$", re.MULTILINE)


def routes_of(store: Path) -> list[str]:
    """Return the paths of the whole application, with rubbish in the place of variables."""
    app = create_app(store)
    app.close()
    return filled(sorted({rule.rule for rule in app.flask.url_map.iter_rules()}))


def check(server: Server, hostile: Hostile, store: Path) -> int | None:
    """Send a request, look at what comes back and return its status."""
    reply = send(server.port, hostile)
    assert server.process.poll() is None, f"{hostile.name} ended the server"
    kind = reply.status // 100 if reply.status else None
    assert reply.status in _INTENDED or kind in hostile.classes, f"{hostile.name}: {reply.status} {reply.body[:300]!r}"
    assert not (told := tells(reply, store)), f"{hostile.name} is told of {told!r} in {reply.head + reply.body[:2_000]!r}"
    return reply.status


def tells(reply: Reply, store: Path) -> bytes | None:
    """Return what an answer tells of the inside, None if it tells nothing; what an answer of 200 holds may be anything but a path."""
    named = _NAMED.search(reply.head)
    if named and re.search(rb"[\d/]", named[1]):
        return named[0]
    sent = reply.head + (reply.body if reply.status not in (200, 206) else b"")
    found = _INSIDE.search(sent)
    if found:
        return found[0]
    paths = (str(_ROOT), str(store), sys.prefix, sys.base_prefix)
    return next((path.encode() for path in paths if path.encode() in reply.head + reply.body), None)


def assert_nothing_is_left(server: Server, before: Held) -> None:
    """The server holds what it held, but for the one reader that waits for the next query, and what is kept to answer faster."""
    # The first page opens the files of the generation, and a spare reader has its connection.
    most = Held(before.processes + 1, max(before.threads, THREADS), before.descriptors + 8, before.megabytes + 150)
    after = settled(server, most)
    assert after.processes <= most.processes and after.threads <= most.threads and after.descriptors <= most.descriptors, after
    assert after.megabytes < most.megabytes, after
