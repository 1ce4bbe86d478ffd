"""Teaches spaCy's entity recogniser the names of English news from all over the world, and writes data/recogniser.

    OMP_NUM_THREADS=1 python bench/recogniser.py EVAL_FOLDER [--to FOLDER]

The recogniser of the model learns further, first from the annotated dev articles of worldwide; with what it then finds, and the
rules of kg/extract/entities.py put right, it labels articles without annotation, and learns again from both, and from trnews,
geowebnews and lgl, whose annotation tells places only (self-training with rehearsal: Scudder 1965, Robins 1995). Times and
numbers stay as the model labels them. Of the annotated articles only those whose id has an even CRC-32 are learned from: the others
judge the result (bench/quality.py --half odd). What is written are weights, no text; half an hour on two cores.
"""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy
from gold_halves import read_even_rows, read_rows
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans

from kg.extract.entities import find_entities
from kg.extract.furniture import find_furniture
from kg.extract.name_kinds import family, vote_of_words
from kg.extract.paragraphs import split_paragraphs
from kg.extract.parse import PARAGRAPHS, join_paragraphs, load_plain_model, read_recogniser
from kg.resources import resource

LABELS = {  # of the annotation: labels of the recogniser that say the same, the first where it says another
    "Person": ("PERSON",),
    "Organization": ("ORG",),
    "Location": ("GPE", "LOC", "FAC"),
    "Facility": ("FAC",),
    "NORP": ("NORP", "LANGUAGE"),
    "Misc": ("WORK_OF_ART", "EVENT", "LAW", "LANGUAGE", "PRODUCT"),
    "Product": ("PRODUCT",),
}
LABEL_OF_FAMILY = {"Person": "PERSON", "Organisation": "ORG", "Group": "NORP"}
TIMES_AND_NUMBERS = frozenset(("CARDINAL", "ORDINAL", "PERCENT", "QUANTITY", "TIME", "MONEY", "DATE"))
WORKS = frozenset(("WORK_OF_ART", "EVENT", "LAW", "LANGUAGE", "PRODUCT"))
SETTLEMENTS = frozenset(("Country", "Province", "City", "District"))
PLACE_SETS = ("trnews", "geowebnews", "lgl")
NOT_OF_THE_PLACE = frozenset(("Non_Lit_Expression", "Literal_Expression", "Non_Toponym", "Homonym", "Language", "Demonym"))
OTHERWISE_MEASURED = frozenset(("worldwide", "gum"))  # sources among the articles without annotation that are left out
FIRST_ROUNDS, ROUNDS = 3, 4
SHARE = 0.2  # of the paragraphs without annotation, drawn anew for each round
RATE, SLOWING = 0.001, 0.8
DROPOUT, BATCH = 0.2, 16
COMMON_LEAST, CAPITALS_MOST = 5, 0.2  # a common noun is written small so often, and with a capital inside a sentence at most in this share

Labelled = tuple[int, int, str]
Row = Mapping[str, Any]


class Sample(NamedTuple):
    """A paragraph: its tokens, which of them a space follows, their tags, and labelled spans as token positions."""

    words: list[str]
    spaces: list[bool]
    tags: list[str]
    spans: list[Labelled]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--to", type=Path, default=resource("data", "recogniser"))
    options = parser.parse_args()
    data = options.folder / "data"
    annotated = list(read_even_rows(data / "worldwide" / "dev.jsonl.gz"))
    places = [row for name in PLACE_SETS for row in read_even_rows(data / name / "dev.jsonl.gz")]
    bare = [row for row in read_rows(data / "throughput" / "all.jsonl.gz") if row["source"] not in OTHERWISE_MEASURED]
    bare += read_rows(data / "current_events" / "dev.jsonl.gz")
    gold = [sample for samples in _mapped(_annotated_samples, annotated, None) for sample in samples]
    with tempfile.TemporaryDirectory() as scratch:
        first = Path(scratch)
        learn(gold, [], FIRST_ROUNDS, first)
        gold += [sample for samples in _mapped(_place_samples, places, first) for sample in samples]
        silver = [sample for samples in _mapped(_own_samples, bare, first) for sample in samples]
    learn(gold, list(without_common_nouns(silver)), ROUNDS, options.to)


# ---- samples


_nlp: Language


def _mapped(function: Callable[[Row], list[Sample]], rows: Iterable[Row], recogniser: Path | None) -> Iterator[list[Sample]]:
    with ProcessPoolExecutor(initializer=_load, initargs=(recogniser,)) as pool:
        yield from pool.map(function, rows, chunksize=8)


def _load(recogniser: Path | None) -> None:
    global _nlp
    _nlp = load_plain_model()
    if recogniser is not None:
        read_recogniser(_nlp, recogniser)


def _parsed(row: Row) -> Doc:
    return join_paragraphs(_nlp, row["text"], split_paragraphs(row["text"], find_furniture(row["text"])))


def _annotated_samples(row: Row) -> list[Sample]:
    """Return the paragraphs of an article with the annotators' names; two places that they took together ("X, Y") stand apart."""
    doc = _parsed(row)
    found = {(ent.start, ent.end): ent.label_ for ent in doc.ents}
    spans = []
    for item in row["entities"]:
        if item["type"] not in LABELS or item.get("depth"):
            continue
        for start, end in _apart(row["text"], item):
            span = doc.char_span(start, end, alignment_mode="contract") or doc.char_span(start, end, alignment_mode="expand")
            if span is not None and (bare := _bare(span)):
                spans.append(Span(doc, bare.start, bare.end, label=_label(bare, item["type"], found)))
    return list(_samples(doc, spans, TIMES_AND_NUMBERS))


def _apart(text: str, item: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    start, end = item["start"], item["end"]
    parts = text[start:end].split(", ")
    if item["type"] != "Location" or len(parts) != 2 or "(" in text[start:end]:
        yield start, end
        return
    yield start, start + len(parts[0])
    yield end - len(parts[1]), end


def _bare(span: Span) -> Span:
    """Return a span without a leading article and a possessive."""
    start = span.start + (len(span) > 1 and span[0].lower_ == "the")
    return span.doc[start : span.end - (span.end - start > 1 and span[-1].text in ("'s", "’s", "'", "’"))]


def _label(span: Span, kind: str, found: Mapping[tuple[int, int], str]) -> str:
    label = found.get((span.start, span.end), "")
    if label in LABELS[kind]:
        return label
    vote = vote_of_words(span.text)
    return "LOC" if kind == "Location" and vote is not None and vote.kind == "Region" else LABELS[kind][0]


def _place_samples(row: Row) -> list[Sample]:
    """Return the paragraphs of an article as we label it, its places put right by the annotators."""
    doc = _parsed(row)
    gold = {
        (bare.start, bare.end)
        for item in row["toponyms"]
        if not item.get("non_locational")
        and item.get("type") not in NOT_OF_THE_PLACE
        and (span := doc.char_span(item["start"], item["end"])) is not None
        and (bare := _bare(span))
    }
    spans = []
    for span in _own_spans(doc):
        is_place = (span.start, span.end) in gold and span.label_ != "NORP"
        if is_place or span.label_ in ("PERSON", "ORG", "NORP"):
            fits = not is_place or span.label_ in LABELS["Location"]
            spans.append(span if fits else Span(doc, span.start, span.end, label="GPE"))
    taken = {position for span in spans for position in range(span.start, span.end)}
    spans += [Span(doc, start, end, label="GPE") for start, end in gold if taken.isdisjoint(range(start, end))]
    return list(_samples(doc, spans, TIMES_AND_NUMBERS | WORKS))


def _own_samples(row: Row) -> list[Sample]:
    """Return the paragraphs of an article as we label it."""
    doc = _parsed(row)
    return list(_samples(doc, list(_own_spans(doc)), TIMES_AND_NUMBERS | WORKS))


def _own_spans(doc: Doc) -> Iterator[Span]:
    found = {(ent.start, ent.end): ent.label_ for ent in doc.ents}
    for entity in find_entities(doc):
        for mention in entity.mentions:
            span = doc.char_span(mention.start, mention.end)
            if span is None or mention.form not in ("name", "demonym"):
                continue
            of_family = "Group" if mention.form == "demonym" else family(entity.kind)
            label = found.get((span.start, span.end), "")
            if of_family in LABEL_OF_FAMILY:
                label = LABEL_OF_FAMILY[of_family]
            elif label not in LABELS["Location"]:
                label = "LOC" if entity.kind == "Region" else "GPE" if entity.kind in SETTLEMENTS else "FAC"
            yield Span(doc, span.start, span.end, label=label)


def _samples(doc: Doc, spans: list[Span], kept: frozenset[str]) -> Iterator[Sample]:
    """Yield the paragraphs with these spans, and beside them those of the recogniser that have one of the kept labels."""
    spans = filter_spans(spans)
    taken = {position for span in spans for position in range(span.start, span.end)}
    spans += [ent for ent in doc.ents if ent.label_ in kept and taken.isdisjoint(range(ent.start, ent.end))]
    for part in doc.spans[PARAGRAPHS]:
        inside = [(s.start - part.start, s.end - part.start, s.label_) for s in spans if part.start <= s.start and s.end <= part.end]
        yield Sample([t.text for t in part], [bool(t.whitespace_) for t in part], [t.tag_ for t in part], sorted(inside))


def without_common_nouns(samples: list[Sample]) -> Iterator[Sample]:
    """Yield the samples without names of one word at their beginning that are common nouns by all else that is written here ("Gunmen")."""
    small, capital = Counter[str](), Counter[str]()
    for sample in samples:
        for position, word in enumerate(sample.words):
            if word.islower() and sample.tags[position] in ("NN", "NNS"):
                small[word] += 1
            elif position and word.istitle():
                capital[word.lower()] += 1
    for sample in samples:
        yield sample._replace(spans=[span for span in sample.spans if not _is_common(sample, span, small, capital)])


def _is_common(sample: Sample, span: Labelled, small: Counter[str], capital: Counter[str]) -> bool:
    start, end, label = span
    word = sample.words[start].lower()
    begins = start == 0 or sample.words[start - 1] in (".", "!", "?", '"', "“", "”")
    is_small = small[word] >= COMMON_LEAST and capital[word] <= CAPITALS_MOST * small[word]
    return begins and is_small and end - start == 1 and label not in TIMES_AND_NUMBERS


# ---- learning


def learn(gold: list[Sample], silver: list[Sample], rounds: int, to: Path) -> None:
    """Write the model's recogniser, taught further by all gold and a share of the silver samples in each round."""
    random.seed(0)
    numpy.random.seed(0)
    nlp = load_plain_model()
    recogniser = nlp.get_pipe("ner")
    optimizer = nlp.resume_training()
    optimizer.learn_rate, optimizer.L2, optimizer.grad_clip = RATE, 0.01, 1.0
    with nlp.select_pipes(enable=["ner"]):
        for done in range(rounds):
            samples = [*gold, *random.sample(silver, int(len(silver) * SHARE))]
            random.shuffle(samples)
            losses: dict[str, float] = {}
            for start in range(0, len(samples), BATCH):
                nlp.update(list(_examples(nlp, samples[start : start + BATCH])), sgd=optimizer, losses=losses, drop=DROPOUT)
            optimizer.learn_rate *= SLOWING
            print(f"round {done + 1} of {rounds}: {len(samples)} paragraphs, loss {losses['ner']:.0f}", flush=True)
    with recogniser.model.use_params(optimizer.averages):
        recogniser.to_disk(to, exclude=["vocab"])


def _examples(nlp: Language, samples: Iterable[Sample]) -> Iterator[Example]:
    for sample in samples:
        told = Doc(nlp.vocab, words=sample.words, spaces=sample.spaces)
        told.ents = filter_spans([Span(told, start, end, label=label) for start, end, label in sample.spans])
        yield Example(Doc(nlp.vocab, words=sample.words, spaces=sample.spaces), told)


if __name__ == "__main__":
    main()
