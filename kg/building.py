"""The whole road for many articles: read, build what is new, store it in batches, publish."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from kg.extract.extractor import pipeline_name
from kg.iris import version_iri
from kg.pipeline import Settings, process
from kg.publish import publish
from kg.records import Article, Built, Failure
from kg.store import Store
from kg.summary import Summary
from kg.validate import Gate

_BATCH = 25


def build(
    articles: Iterable[Article | Failure], store: Store, settings: Settings, *, workers: int = 1, progress: Callable[[Summary], None]
) -> Summary:
    """Build every article that the store does not hold yet, made by this pipeline; publish; say what happened.

    An interrupt (Ctrl-C) ends the reading; what was built is stored and published.
    """
    summary = Summary()
    batch: list[Built] = []

    def flush() -> None:
        if batch:
            store.add(batch)
            for built in batch:
                summary.count(built)
            batch.clear()
            progress(summary)

    outcomes = process(_new(articles, store, settings, summary), settings, workers=workers)
    try:
        for outcome in outcomes:
            if isinstance(outcome, Failure):
                summary.failures.append(outcome)
                continue
            batch.append(outcome)
            if len(batch) == _BATCH:
                flush()
    except KeyboardInterrupt:
        summary.interrupted = True
        with suppress(KeyboardInterrupt):
            outcomes.close()
    flush()
    if store.stale:
        summary.generation, derived_quarantined = publish(store, Gate(engine=settings.engine, base=settings.base))
        summary.quarantined += derived_quarantined
    return summary


def _new(articles: Iterable[Article | Failure], store: Store, settings: Settings, summary: Summary) -> Iterator[Article | Failure]:
    """Yield what has to be built, each version once, and failures."""
    known, pipeline = store.versions(), pipeline_name(settings.model)
    for item in articles:
        if isinstance(item, Failure):
            yield item
            continue
        version = version_iri(settings.base, item)
        if known.get(version) == pipeline:
            summary.unchanged += 1
        else:
            known[version] = pipeline
            yield item
