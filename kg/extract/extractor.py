"""From an article to its extraction record: the finders in the order in which they need each other."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from kg import __version__
from kg.extract.collect import collect
from kg.extract.entities import find_entities
from kg.extract.events import find_events, main_event
from kg.extract.furniture import find_furniture
from kg.extract.named import NamedWords
from kg.extract.paragraphs import split_paragraphs
from kg.extract.parse import DEFAULT_MODEL, Parser, load_parser, recogniser_folder
from kg.extract.posts import find_memberships
from kg.extract.quantities import find_quantities
from kg.extract.quotations import find_quotations
from kg.extract.responses import with_responses
from kg.extract.statements import find_statements
from kg.extract.times import find_times
from kg.records import Article, Extraction
from kg.resources import resource


@dataclass(frozen=True, slots=True)
class Extractor:
    """Holds the loaded model; one a process."""

    model: str = DEFAULT_MODEL
    parser: Parser = field(init=False)
    pipeline: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parser", load_parser(self.model))
        object.__setattr__(self, "pipeline", pipeline_name(self.model))

    def extract(self, article: Article) -> Extraction:
        """Return the record of one article; a function of the article, the model and the lexicons alone."""
        furniture = find_furniture(article.text)
        paragraphs = split_paragraphs(article.text, furniture)
        doc = self.parser.parse(article.text, paragraphs)
        entities = find_entities(doc)
        named = NamedWords(entities)
        times = find_times(doc, article.published)
        events = find_events(doc, named, times, find_quantities(doc))
        extraction = collect(
            article,
            doc,
            furniture=furniture,
            entities=entities,
            memberships=find_memberships(doc, entities),
            events=events,
            main=main_event(doc, events),
            statements=find_statements(doc, find_quotations(article.text, paragraphs), named, times),
            pipeline=self.pipeline,
        )
        return with_responses(doc, extraction)


def pipeline_name(model: str = DEFAULT_MODEL) -> str:
    """Return what made a record: program, model, weights and rules. Records of another pipeline are made anew by `kg build`."""
    rules = _hash(sorted(resource("data", "lexicon").glob("*.csv")))
    recogniser = f"; recogniser {_hash(sorted(recogniser_folder().glob('[mn]*.*')))}" if model == DEFAULT_MODEL else ""
    return f"kg {__version__}; {model} {version(model)}{recogniser}; lexicon {rules}"


def _hash(files: Iterable[Path]) -> str:
    """Return the first digits of a hash over names and bytes of files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:8]
