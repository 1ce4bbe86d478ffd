"""10,000 hostile requests: the whole of tests/hostile_list.py, then requests made by chance up to that number.

    python bench/hostile.py --store STORE [--count 10000] [--seed 1]

Prints how many got which status, every one that got a wrong class or was told of the inside, and what the server holds
before, after the list and after all. Exits with 1 where anything was wrong. The checks are those of tests/server/test_hostile.py.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from hostile_checks import assert_nothing_is_left, check, routes_of
from hostile_list import hand_made
from hostile_requests import Hostile, hostile_requests
from served import Server, at_rest, kg_serve


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--store", type=Path, required=True)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    routes = routes_of(asked.store)
    seen: Counter[str] = Counter()
    faults: list[str] = []

    def sent(server: Server, hostile: Hostile) -> None:
        try:
            status = check(server, hostile, asked.store)
        except (AssertionError, TimeoutError) as error:
            faults.append(f"{hostile.name}: {str(error)[:400]} {hostile.pieces[0][:300]!r}")
            status = "wrong"
        seen[str(status)] += 1

    with kg_serve(asked.store, "--deadline", "1") as server:
        begun, before = time.monotonic(), at_rest(server)
        print(f"before    {before}")
        for hostile in hand_made(routes):
            sent(server, hostile)
        listed = seen.total()
        print(f"{listed} of the list in {time.monotonic() - begun:.0f} s\nafter it  {server.held()}")

        @seed(asked.seed)
        @settings(
            max_examples=max(asked.count - listed, 1),
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(hostile_requests(tuple(routes)))
        def each(hostile: Hostile) -> None:
            sent(server, hostile)

        if asked.count > listed:
            each()
        print(f"{seen.total()} in all in {time.monotonic() - begun:.0f} s\nafter all {server.held()}")
        try:
            assert_nothing_is_left(server, before)
        except AssertionError as error:
            faults.append(f"left behind: {error}")
    print(", ".join(f"{count} x {status}" for status, count in sorted(seen.items())))
    for fault in faults:
        print("FAULT", fault)
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
