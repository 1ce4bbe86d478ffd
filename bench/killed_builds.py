"""Kills `kg build` at random moments and checks what is left: only whole articles, and a rerun makes the same bytes.

python bench/killed_builds.py [INPUT...] [--times N] [--limit N]
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from kg.articles import read_articles
from kg.dump import write_dump
from kg.generations import open_current
from kg.records import Article, to_json
from kg.store import Store, read_settings

KG = str(Path(sys.executable).with_name("kg"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*", default=[str(Path(__file__).parent.parent / "data" / "articles")])
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--limit", type=int, default=80)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = folder / "articles.jsonl"
        articles = (item for item in read_articles(options.inputs) if isinstance(item, Article))
        rows.write_bytes(b"".join(to_json(article) + b"\n" for article in islice(articles, options.limit)))
        started = time.perf_counter()
        build(rows, folder / "whole")
        longest = time.perf_counter() - started
        expected = dump(folder / "whole")
        whole = graphs(folder / "whole")
        print(f"{len(whole)} article versions; an undisturbed build takes {longest:.0f} s")
        chance, wrong = random.Random(20211121), 0
        for number in range(1, options.times + 1):
            store = folder / f"killed-{number}"
            moment = longest * chance.uniform(0.25, 1.0)
            run = subprocess.Popen(command(rows, store), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(moment)
            run.send_signal(signal.SIGKILL)
            run.wait()
            left = graphs(store) if store.exists() else {}
            torn = [version for version, quads in left.items() if whole[version] != quads]
            build(rows, store)
            same = dump(store) == expected
            wrong += bool(torn) or not same
            print(
                f"kill {number} after {moment:4.1f} s: {len(left)} articles there, {len(torn)} torn; rerun makes the same bytes: {same}",
                flush=True,
            )
    print(f"{wrong} of {options.times} went wrong")
    sys.exit(1 if wrong else 0)


def command(rows: Path, store: Path) -> list[str]:
    return [KG, "build", str(rows), "--store", str(store)]


def build(rows: Path, store: Path) -> None:
    subprocess.run(command(rows, store), check=True, capture_output=True)


def graphs(path: Path) -> dict[str, frozenset[str]]:
    """Return the quads of each version in the live store, which takes back what was cut off when it is opened."""
    if not (path / "settings.json").exists():
        return {}
    store = Store(path, **read_settings(path))
    found = {version: frozenset(map(str, store.article_graph(version))) for version in store.versions()}
    store.close()
    return found


def dump(path: Path) -> bytes:
    target = path / "dump.nq"
    write_dump(open_current(path), "nq", target, base=read_settings(path)["base"], stdout=sys.stdout.buffer)
    return target.read_bytes()


if __name__ == "__main__":
    main()
