"""The web process' hold on a reader process: what it has worked, what puts it behind others, and what it is not charged for."""

import asyncio
import os
import signal
import time
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from served import tree

from kg.generations import generation_path
from server.limits import Limits
from server.nurseries import Nursery
from server.pool import Pool
from server.reader_process import Reader
from server.reading import FOOT, HEAD, WHOLE, Asked

BUSY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SMALL = "SELECT * { ?s ?p ?o } LIMIT 3"


def asked(text: str) -> Asked:
    """Return a query with room enough for its answer."""
    return Asked(text, "http://localhost/", "text/csv", "text/turtle", None, None, None, 20.0, 1_000, 1_000_000, {})


@pytest.fixture(params=["in memory", "on disk"])
def nursery_of(request: pytest.FixtureRequest, demo_store: Path) -> tuple[Path, Path | None]:
    """Return a generation, and what its nursery is to hold in memory."""
    folder = generation_path(demo_store, 1)
    return folder, folder if request.param == "in memory" else None


def test_a_reader_is_charged_for_its_query_and_not_for_what_came_before(nursery_of: tuple[Path, Path | None]) -> None:
    folder, loaded = nursery_of

    async def tried() -> tuple[float, float, bytes]:
        nursery = Nursery(10**9, loaded)
        reader = await Reader.forked(nursery, folder)
        try:
            begun = reader.cpu()
            reader.send(asked(SMALL))
            kind, content = await reader.frame() or (b"", b"")
            reader.done(FOOT.unpack_from(content, HEAD.size)[2])
            assert kind == WHOLE
            reader.send(asked(BUSY))
            until = time.monotonic() + 10
            while reader.cpu() < 0.1 and time.monotonic() < until:
                await asyncio.sleep(0.01)
            return begun, reader.cpu(), content
        finally:
            await reader.end()
            nursery.close()

    begun, busy, content = asyncio.run(tried())
    assert 0 <= begun < 0.005 and 0.1 <= busy < 1 and content.count(b"\r\n") == 4


def test_a_slow_reader_goes_behind_others_and_leaves_one_core_to_them(nursery_of: tuple[Path, Path | None]) -> None:
    folder, loaded = nursery_of

    async def tried() -> tuple[int, int, set[int]]:
        nursery = Nursery(10**9, loaded)
        reader = await Reader.forked(nursery, folder)
        before = os.getpriority(os.PRIO_PROCESS, reader.pid)
        reader.slow()
        after, cores = os.getpriority(os.PRIO_PROCESS, reader.pid), os.sched_getaffinity(reader.pid)
        assert await reader.end() == signal.SIGKILL
        reader.slow()  # of one that has ended: nothing
        nursery.close()
        return before, after, cores

    before, after, cores = asyncio.run(tried())
    ours = os.sched_getaffinity(0)
    assert os.getpriority(os.PRIO_PROCESS, 0) < before < after
    assert cores < ours if len(ours) > 1 else cores == ours


@pytest.mark.parametrize("megabytes", [0, 256])
def test_small_queries_are_answered_by_the_readers_at_hand(demo_store: Path, megabytes: int) -> None:
    limits = Limits(readers=2, loaded_megabytes=megabytes)
    at_hand = limits.readers + 2
    others = len(tree(os.getpid()))

    async def tried() -> tuple[int, int]:
        pool = Pool(demo_store, limits)
        try:
            await pool.current_mark()
            until = time.monotonic() + 10
            while len(tree(os.getpid())) < others + 1 + at_hand and time.monotonic() < until:
                await asyncio.sleep(0.01)
            for _ in range(20):
                answer = await pool.ask(asked(SMALL))
                answer.close()
            return pool.counts.forked, pool.counts.running
        finally:
            pool.close()

    assert asyncio.run(tried()) == (at_hand, 0)


def test_readers_that_end_at_once_are_not_forked_again_and_again(demo_store: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    copytree(demo_store, store)

    async def tried() -> int:
        pool = Pool(store, Limits(readers=2, loaded_megabytes=0))
        rmtree(generation_path(store, 1))
        try:
            await pool.current_mark()
            await asyncio.sleep(0.3)
            return pool.counts.forked
        finally:
            pool.close()

    assert asyncio.run(tried()) <= 2


def test_where_the_slow_places_are_taken_a_query_is_paused_until_one_is_free(demo_store: Path) -> None:
    long = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 700000 } }"
    large = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 900"

    async def tried() -> tuple[list[bytes], set[str]]:
        pool = Pool(demo_store, Limits(readers=2, slow_readers=1, slow_after=0.05))
        seen: set[str] = set()

        async def asks(text: str) -> bytes:
            answer = await pool.ask(asked(text))
            try:
                return answer.first + b"".join([part async for part in answer.rest()])
            finally:
                answer.close()

        async def looks() -> None:
            while True:
                seen.update(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] for pid in tree(os.getpid()))
                await asyncio.sleep(0.005)

        looking = asyncio.create_task(looks())
        try:
            return await asyncio.gather(asks(long), asks(long), asks(large)), seen
        finally:
            looking.cancel()
            pool.close()

    (first, second, third), seen = asyncio.run(tried())
    assert first == second == b"n\r\n700000\r\n" and third.count(b"\r\n") == 901
    assert "T" in seen  # stopped
