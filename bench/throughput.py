"""Words per second of `kg build` against bare spaCy over the same paragraphs, CPU shares of the stages, quads an article.

    python bench/throughput.py [INPUT...] [--limit N] [--workers N]

Both sides run in the same call with the same number of processes; the ratio is the figure, not the seconds. Without
INPUT the demo corpus is used, which is small: give a few hundred real articles (.jsonl.gz) for figures that mean something.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from pyoxigraph import NamedNode

from kg import building, mapping, pipeline
from kg.articles import read_articles
from kg.building import build
from kg.extract import collect as collecting
from kg.extract import extractor, parse
from kg.extract.furniture import find_furniture
from kg.extract.paragraphs import split_paragraphs
from kg.extract.parse import load_model
from kg.extract.recogniser import Recogniser
from kg.pipeline import Settings
from kg.records import Article, Failure
from kg.store import Store
from kg.validate import Gate

STAGES = {
    "articles and paragraphs": [(extractor, "find_furniture"), (extractor, "split_paragraphs"), (extractor, "find_quotations")],
    "spaCy": [(parse, "join_paragraphs")],
    "recogniser": [(Recogniser, "recognise"), (parse, "correct_labels")],
    "entities": [(extractor, "find_entities"), (extractor, "find_memberships")],
    "link": [(pipeline, "link")],
    "statements": [(extractor, "find_statements"), (collecting, "find_antecedents"), (extractor, "with_responses")],
    "events, times, quantities": [
        (extractor, "find_times"),
        (extractor, "find_quantities"),
        (extractor, "find_events"),
        (extractor, "main_event"),
    ],
    "collect": [(extractor, "collect")],
    "map": [(pipeline, "quads"), (mapping, "n_quads"), (mapping, "to_json")],
    "gate": [(Gate, "check")],
    "store": [(Store, "add")],
    "derived graphs and publication": [(building, "publish")],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*", default=[str(Path(__file__).parent.parent / "data" / "articles")])
    parser.add_argument("--limit", type=int, help="use the first N articles")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()

    articles = list(islice((item for item in read_articles(options.inputs) if not isinstance(item, Failure)), options.limit))
    paragraphs = [text for article in articles for text in paragraph_texts(article)]
    words = sum(len(text.split()) for text in paragraphs)
    print(f"{len(articles)} articles, {words:,} words in {len(paragraphs):,} paragraphs")

    bare = timed(lambda: bare_spacy(paragraphs, options.workers))
    with tempfile.TemporaryDirectory() as folder:
        whole = timed(lambda: build_store(articles, Path(folder), options.workers))
        print_sizes(Path(folder))
    print(f"\n{options.workers} processes on each side")
    print(f"  bare nlp.pipe {words / bare:8,.0f} words/s")
    print(f"  kg build      {words / whole:8,.0f} words/s")
    print(f"  ratio         {bare / whole:8.2f}")
    own, children = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"  peak memory   {own:8,.0f} MB here, {children:,.0f} MB in the largest worker\n")
    print_shares(articles)


def paragraph_texts(article: Article) -> list[str]:
    spans = split_paragraphs(article.text, find_furniture(article.text))
    return [article.text[span.start : span.end] for span in spans]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bare_spacy(paragraphs: list[str], processes: int) -> None:
    for _ in load_model().pipe(paragraphs, n_process=processes):
        pass


def build_store(articles: list[Article], path: Path, workers: int) -> None:
    store = Store(path, base=Settings().base, text=Settings().text)
    summary = build(iter(articles), store, Settings(), workers=workers, progress=lambda _: None)
    store.close()
    for failure in summary.failures:
        print(f"failed: {failure}", file=sys.stderr)


def print_sizes(path: Path) -> None:
    store = Store(path, base=Settings().base, text=Settings().text)
    sizes = sorted(sum(1 for _ in store.article_graph(version)) for version in store.versions())
    derived = {
        name: sum(1 for _ in store.graphs.quads_for_pattern(None, None, None, NamedNode(f"{Settings().base}graph/{name}")))
        for name in ("events", "entities", "dataset")
    }
    store.close()
    tenths = statistics.quantiles(sizes, n=10)
    print(f"quads in an article's graph: mean {statistics.mean(sizes):,.0f}, median {tenths[4]:,.0f}, 90 % below {tenths[8]:,.0f}")
    print(f"quads in derived graphs, an article: {', '.join(f'{name} {count / len(sizes):,.0f}' for name, count in derived.items())}")
    print(f"all quads, an article: {(sum(sizes) + sum(derived.values())) / len(sizes):,.0f}")


def print_shares(articles: list[Article]) -> None:
    """Run a sample in this process with a CPU clock around each stage."""
    spent: Counter[str] = Counter()
    for stage, functions in STAGES.items():
        for owner, name in functions:
            setattr(owner, name, clocked(getattr(owner, name), stage, spent))
    sample = articles[:: max(1, len(articles) // 300)]
    pipeline.pipeline_of(Settings())
    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        build_store(sample, Path(folder), 1)
    total = time.process_time() - start
    print(f"CPU shares over {len(sample)} articles in one process")
    for stage in STAGES:
        print(f"  {stage:32} {100 * spent[stage] / total:5.1f} %")
    print(f"  {'the rest':32} {100 * (total - sum(spent.values())) / total:5.1f} %")


def clocked(function: Callable[..., object], stage: str, spent: Counter[str]) -> Callable[..., object]:
    def run(*arguments: object, **options: object) -> object:
        start = time.process_time()
        inner = sum(spent.values())
        try:
            return function(*arguments, **options)
        finally:
            # A stage inside another is its own, not the outer one's as well.
            spent[stage] += time.process_time() - start - (sum(spent.values()) - inner)  # type: ignore[assignment]

    return run


if __name__ == "__main__":
    main()
