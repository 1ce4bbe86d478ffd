"""The stages joined: articles in, articles ready for the store out, in this process or in many."""

import signal
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import msgspec

from kg.catalogue import Catalogue, read_catalogue
from kg.extract.extractor import Extractor
from kg.extract.parse import DEFAULT_MODEL
from kg.iris import DEFAULT_BASE, version_iri
from kg.link import link
from kg.mapping import built
from kg.overlay import with_overlay
from kg.rdf import TextMode, quads
from kg.records import Article, Built, Extraction, Failure, Stage
from kg.validate import Engine, Gate

_ARTICLES_A_TASK = 8
_TASKS_AHEAD = 4
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Settings:
    """What shapes the graph besides the articles."""

    base: str = DEFAULT_BASE
    text: TextMode = "evidence"
    model: str = DEFAULT_MODEL
    link: bool = True
    engine: Engine = "fast"
    odbl: bool = True
    """Whether cities have the Wikidata items that are under the ODbL."""
    overlay: str | None = None
    """File of `kg catalogue update` that links heed."""


class Pipeline:
    """The loaded stages; one a process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.extractor = Extractor(settings.model)
        self.catalogue: Catalogue = read_catalogue(odbl=settings.odbl)
        if settings.overlay:
            self.catalogue = with_overlay(self.catalogue, Path(settings.overlay))
        self.gate = Gate(engine=settings.engine, base=settings.base)
        self._stage: Stage = "extract"

    def extract(self, article: Article) -> Extraction:
        """Return the linked record of an article."""
        self._stage = "extract"
        extraction = self.extractor.extract(article)
        if self.settings.link:
            self._stage = "link"
            extraction = link(extraction, self.catalogue)
        return extraction

    def build(self, article: Article) -> Built:
        """Return an article ready for the store."""
        return self.finish(self.extract(article))

    def finish(self, extraction: Extraction) -> Built:
        """Return a record mapped, validated and ready for the store."""
        self._stage = "map"
        settings, version = self.settings, version_iri(self.settings.base, extraction.article)
        article_quads = quads(extraction, base=settings.base, text=settings.text)
        self._stage = "validate"
        return built(extraction, article_quads, self.gate, version=version, text=settings.text)

    def attempt(self, work: Callable[[Article], Result], article: Article) -> Result | Failure:
        """Return what `extract` or `build` makes of an article, or why it could not: one bad article never ends a run."""
        try:
            return work(article)
        except Exception as error:  # the one place where any error of an article becomes data
            where = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__}: {error} (in {where.name}, line {where.lineno}); please report this article"
            return Failure(article.id, self._stage, what)


@cache
def pipeline_of(settings: Settings) -> Pipeline:
    """Return this process's pipeline for the settings; the model is loaded once."""
    return Pipeline(settings)


def process(articles: Iterable[Article | Failure], settings: Settings, *, workers: int = 1) -> Generator[Built | Failure, None, None]:
    """Build articles lazily, in their order; failures of reading pass through. The result does not depend on `workers`."""
    if workers == 1:
        for item in articles:
            yield _outcome(item, pipeline_of(settings))
        return
    # Spawned, not forked: an open store must not cross a fork. Ctrl-C is for this process to handle, not for workers.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    waiting: deque[Future[list[Built | Failure]]] = deque()
    try:
        for task in _tasks(articles):
            waiting.append(pool.submit(_outcomes, task, settings))
            if len(waiting) >= workers * _TASKS_AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def process_batch(rows: Iterable[dict[str, object]]) -> Iterator[dict[str, object]]:
    """Extract and link rows for an engine such as Ray or Spark; the model is kept for the life of the process.

    A row holds the fields of `kg.records.Article`; each result is an extraction record or {"failure": {...}}.
    """
    pipeline = pipeline_of(Settings())
    for row in rows:
        article = msgspec.convert(row, Article)
        outcome = pipeline.attempt(pipeline.extract, article)
        yield {"failure": msgspec.to_builtins(outcome)} if isinstance(outcome, Failure) else msgspec.to_builtins(outcome)


def _tasks(articles: Iterable[Article | Failure]) -> Iterator[list[Article | Failure]]:
    task: list[Article | Failure] = []
    for item in articles:
        task.append(item)
        if len(task) == _ARTICLES_A_TASK:
            yield task
            task = []
    if task:
        yield task


def _outcomes(task: list[Article | Failure], settings: Settings) -> list[Built | Failure]:
    return [_outcome(item, pipeline_of(settings)) for item in task]


def _outcome(item: Article | Failure, pipeline: Pipeline) -> Built | Failure:
    return item if isinstance(item, Failure) else pipeline.attempt(pipeline.build, item)
