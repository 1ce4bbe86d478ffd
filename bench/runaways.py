"""200 queries that would not end, six at a time, and what small queries of other clients notice of them.

    python bench/runaways.py --store STORE [--count 200] [--at-once 6] [--deadline 2]

Prints how each kind of runaway ended and how long after the deadline the last one did; the times of small queries while
the server is quiet, and while the runaways go on; and what the server's processes hold before and after. Two quiet rounds,
before and after, tell what else the machine does. The code is that of tests/server/test_runaways.py. Exits with 1 where a
runaway passed for an answer, ended later than half a second after the deadline, or left something behind.
"""

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from threading import Event

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from runaway_queries import RUNAWAYS, Outcome, ask, percentile, small_queries
from served import THREADS, Held, Server, kg_serve, settled

CLIENTS = 2
GRACE = 0.5  # seconds
MEGABYTES = 100  # that a server may hold more after it


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--store", type=Path, required=True)
    options.add_argument("--count", type=int, default=200)
    options.add_argument("--at-once", type=int, default=6)
    options.add_argument("--deadline", type=float, default=2.0, help="seconds")
    options.add_argument("--quiet", type=float, default=15.0, help="seconds of each quiet round")
    options.add_argument("--nice", type=int, default=5, help="of the runaways' clients, which would be other machines")
    given = options.parse_args()
    with kg_serve(given.store, "--deadline", str(given.deadline)) as server:
        quiet(server, 3.0)  # warms up
        before = server.held()
        first = quiet(server, given.quiet)
        print(described("quiet", first))
        faults, taken = run_away(server, given)
        print(described(f"beside {given.at_once} runaways", taken))
        after = settled(server, replace(before, threads=max(before.threads, THREADS)))
        last = quiet(server, given.quiet)
        print(described("quiet again", last))
        calm = max(percentile(first, 0.99), percentile(last, 0.99))
        print(f"p99 beside runaways is {percentile(taken, 0.99) / calm:.2f} x the quiet one")
        faults += left_behind(before, after)
        with ThreadPoolExecutor(16) as several:
            answered = sum(map(len, several.map(lambda _: small_queries(server.port, count=20), range(16))))
        print(f"the pool answered {answered} of 320 small queries of 16 clients")
    for fault in faults:
        print("FAULT", fault)
    raise SystemExit(bool(faults))


def quiet(server: Server, seconds: float) -> list[float]:
    """Return how long small queries of some clients took, in a round of so many seconds."""
    over = Event()
    with ThreadPoolExecutor(CLIENTS) as several:
        clients = [several.submit(small_queries, server.port, until=over, pause=0.005) for _ in range(CLIENTS)]
        time.sleep(seconds)
        over.set()
        return [taken for client in clients for taken in client.result()]


def run_away(server: Server, given: argparse.Namespace) -> tuple[list[str], list[float]]:
    """Send the runaways; return what was wrong with how they ended, and how long small queries took meanwhile.

    Their clients are processes that go after all others: they would be other machines.
    """
    over, faults = Event(), []
    seen: Counter[str] = Counter()
    latest = refused = 0
    names = list(islice(cycle(RUNAWAYS), given.count))
    with (
        ThreadPoolExecutor(CLIENTS) as others,
        ProcessPoolExecutor(given.at_once, mp_context=get_context("spawn"), initializer=os.nice, initargs=(given.nice,)) as several,
    ):
        list(several.map(warm_up, [server.port] * given.at_once))  # the processes have started
        clients = [others.submit(small_queries, server.port, until=over, pause=0.005) for _ in range(CLIENTS)]
        for name, (outcome, refusals) in zip(names, several.map(one, [server.port] * given.count, names), strict=True):
            ending = "whole" if outcome.is_whole else "broken off"
            seen[f"{name}: {outcome.status} {ending}"] += 1
            refused += refusals
            latest = max(latest, outcome.seconds)
            if outcome.is_complete or outcome.status not in (200, 503):
                faults.append(f"{name}: {outcome}")
            if outcome.seconds > given.deadline + GRACE:
                faults.append(f"{name} ended after {outcome.seconds:.2f} seconds")
        over.set()
        taken = [seconds for client in clients for seconds in client.result()]
    for ending, count in sorted(seen.items()):
        print(f"{count:4} x {ending}")
    print(f"{refused} were told 429 and came back; the latest ended {latest - given.deadline:+.2f} seconds from the deadline")
    return faults, taken


def warm_up(port: int) -> int:
    return len(small_queries(port, count=3))


def one(port: int, name: str) -> tuple[Outcome, int]:
    """Send a runaway until it is not told to come back; return how it ended, and how often it was."""
    refusals = 0
    while (outcome := ask(port, *RUNAWAYS[name])).status == 429:
        refusals += 1
        time.sleep(0.3)
    return outcome, refusals


def described(label: str, taken: list[float]) -> str:
    shares = ", ".join(f"p{share:g} {percentile(taken, share / 100) * 1000:.1f}" for share in (50, 90, 99))
    return f"{label}: {len(taken)} small queries, {shares}, longest {max(taken) * 1000:.1f} ms"


def left_behind(before: Held, after: Held) -> list[str]:
    print(f"held before {before}\nheld after  {after}")
    faults = [name for name in ("processes", "descriptors") if getattr(after, name) > getattr(before, name)]
    if after.threads > max(before.threads, THREADS):
        faults.append("threads")
    if after.megabytes > before.megabytes + MEGABYTES:
        faults.append("megabytes")
    return [f"{name} left behind" for name in faults]


if __name__ == "__main__":
    main()
