"""Teaches the recogniser the names of English news from all over the world, and writes data/recogniser.

    OMP_NUM_THREADS=1 python bench/recogniser.py EVAL_FOLDER paragraphs FOLDER
    python bench/name_teacher.py MPNET_FOLDER FOLDER        (both in an environment of their own: they say what they need)
    OMP_NUM_THREADS=1 python bench/recogniser.py EVAL_FOLDER windows FOLDER --vocabulary MINILM_FOLDER/tokenizer.json
    python bench/name_student.py MINILM_FOLDER FOLDER

A large model learns names from the annotated dev articles of worldwide, and labels articles without annotation, and those of trnews,
geowebnews and lgl, whose annotation tells places only; the rules of kg/extract/entities.py put its labels right. From all of them three
layers of a small model learn (distillation by labels: Bucilua et al. 2006, Kim & Rush 2016). Times and numbers are those of the recogniser
of the package. Of annotated articles only those whose id has an even CRC-32 are learned from: the others judge the result
(bench/quality.py --half odd). What is written are weights, no text; two hours and a half on two cores.
"""

import argparse
import json
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from gold_halves import read_even_rows, read_rows
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from kg.extract.entities import find_entities
from kg.extract.furniture import find_furniture
from kg.extract.label_corrections import correct_labels
from kg.extract.name_kinds import family, vote_of_words
from kg.extract.paragraphs import split_paragraphs
from kg.extract.parse import PARAGRAPHS, join_paragraphs, load_model
from kg.extract.recogniser import NUMBERS, Reader, Word, read_numbers
from kg.extract.word_pieces import BEGIN, END, UNKNOWN
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
ONE_OF = {"polnear": 6}  # sources of one country of which a part is enough, by the CRC-32 of the id
LEAST = 3  # tokens; the teacher does not read shorter paragraphs
COMMON_LEAST, CAPITALS_MOST = 5, 0.2  # a common noun is written small so often, and with a capital inside a sentence at most in this share

Labelled = tuple[int, int, str]
Row = Mapping[str, Any]


class Sample(NamedTuple):
    """A paragraph: its tokens, which of them begin a sentence, their tags, and labelled spans as token positions."""

    words: list[str]
    begins: list[bool]
    tags: list[str]
    spans: list[Labelled]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("step", choices=("paragraphs", "windows"))
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--vocabulary", type=Path)
    parser.add_argument("--to", type=Path, default=resource("data", "recogniser"))
    options = parser.parse_args()
    data = options.folder / "data"
    annotated = list(read_even_rows(data / "worldwide" / "dev.jsonl.gz"))
    places = [row for name in PLACE_SETS for row in read_even_rows(data / name / "dev.jsonl.gz")]
    bare = [row for row in read_rows(data / "throughput" / "all.jsonl.gz") if row["source"] not in OTHERWISE_MEASURED]
    bare = [row for row in bare if zlib.crc32(row["id"].encode()) % ONE_OF.get(row["source"], 1) == 0]
    bare += read_rows(data / "current_events" / "dev.jsonl.gz")
    if options.step == "paragraphs":
        options.scratch.mkdir(exist_ok=True)
        for name, rows in (("annotated", annotated), ("bare", places + bare)):
            with (options.scratch / f"{name}.jsonl").open("w", encoding="utf-8") as out:
                out.writelines(json.dumps(told) + "\n" for told in _mapped(_paragraphs, rows))
        return
    with (options.scratch / "labels.jsonl").open(encoding="utf-8") as lines:
        labels = {told["id"]: told["labels"] for told in map(json.loads, lines)}
    gold = list(_mapped(_annotated_samples, annotated))
    others = list(_mapped(_place_samples, places, labels))
    others += without_common_nouns(list(_mapped(_own_samples, bare, labels)))
    write_numbers(options.vocabulary, options.to)
    reader, known = read_numbers(options.to)
    numbers = {label: number for number, label in enumerate(known)}
    with (options.scratch / "windows.jsonl").open("w", encoding="utf-8") as out:
        for is_annotated, articles in ((True, gold), (False, others)):
            for article in articles:
                out.writelines(json.dumps({**told, "annotated": is_annotated}) + "\n" for told in _windows(article, reader, numbers))


def write_numbers(vocabulary: Path, to: Path) -> None:
    """Write the pieces of words in Latin letters, the tags and the labels in the order of their numbers."""
    nlp = load_model()
    known = json.loads(vocabulary.read_text(encoding="utf-8"))["model"]["vocab"]
    marks = (BEGIN, END, UNKNOWN)
    pieces = (piece for piece in sorted(known, key=known.__getitem__) if piece in marks or not piece.startswith("["))
    numbers = {
        "pieces": [piece for piece in pieces if all(map(_is_latin, piece))],
        "tags": ["", *nlp.get_pipe("tagger").labels, "_SP"],
        "labels": ["O", *(f"{mark}-{kind}" for kind in nlp.get_pipe("ner").labels for mark in ("B", "I"))],
    }
    (to / NUMBERS).write_text(json.dumps(numbers, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.category(letter)[0] in "PS" or unicodedata.name(letter, "").startswith("LATIN ")


# ---- samples


_nlp: Language


def _mapped(function: Any, rows: list[Row], labels: Mapping[str, list[str]] | None = None) -> Iterator[Any]:
    with ProcessPoolExecutor(initializer=_load) as pool:
        yield from pool.map(function, *([rows] if labels is None else [rows, [labels[row["id"]] for row in rows]]), chunksize=8)


def _load() -> None:
    global _nlp
    _nlp = load_model()


def _parsed(row: Row) -> Doc:
    return join_paragraphs(_nlp, row["text"], split_paragraphs(row["text"], find_furniture(row["text"])))


def _long_paragraphs(doc: Doc) -> list[Span]:
    return [part for part in doc.spans[PARAGRAPHS] if len(part) >= LEAST]


def _paragraphs(row: Row) -> dict[str, Any]:
    """Return what the teacher reads of an article: words, tags and labels of its paragraphs, and the annotators' names as B-, I- and O."""
    doc = _parsed(row)
    names = ["O"] * len(doc)
    for span in filter_spans([Span(doc, span.start, span.end, label=kind) for span, kind in _annotated_spans(row, doc)]):
        names[span.start : span.end] = [f"B-{span.label_}", *[f"I-{span.label_}"] * (len(span) - 1)]
    told = [
        {
            "words": [token.text for token in part],
            "tags": [token.tag_ for token in part],
            "labels": [f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O" for token in part],
            "names": names[part.start : part.end],
        }
        for part in _long_paragraphs(doc)
    ]
    return {"id": row["id"], "paragraphs": told}


def _annotated_spans(row: Row, doc: Doc) -> Iterator[tuple[Span, str]]:
    """Yield the annotators' names with their types; two places that they took together ("X, Y") stand apart."""
    for item in row.get("entities", ()):
        if item["type"] not in LABELS or item.get("depth"):
            continue
        for start, end in _apart(row["text"], item):
            span = doc.char_span(start, end, alignment_mode="contract") or doc.char_span(start, end, alignment_mode="expand")
            if span is not None and (bare := _bare(span)):
                yield bare, item["type"]


def _annotated_samples(row: Row) -> list[Sample]:
    """Return the paragraphs of an article with the annotators' names."""
    doc = _parsed(row)
    found = {(ent.start, ent.end): ent.label_ for ent in doc.ents}
    spans = [Span(doc, span.start, span.end, label=_label(span, kind, found)) for span, kind in _annotated_spans(row, doc)]
    return list(_samples(doc, spans, TIMES_AND_NUMBERS))


def _labelled(row: Row, labels: list[str]) -> Doc:
    """Return an article with the teacher's labels, and the package's times and numbers."""
    doc = _parsed(row)
    found = {(ent.start, ent.end): ent.label_ for ent in doc.ents}
    positions = [position for part in _long_paragraphs(doc) for position in range(part.start, part.end)]
    spans: list[Span] = []
    for position, label in zip(positions, labels, strict=True):
        mark, _, kind = label.partition("-")
        if mark == "B":
            spans.append(Span(doc, position, position + 1, label=kind))
        elif mark == "I":
            spans[-1] = Span(doc, spans[-1].start, position + 1, label=kind)
    spans = [Span(doc, span.start, span.end, label=_label(span, span.label_, found)) for span in spans]
    taken = {position for span in spans for position in range(span.start, span.end)}
    spans += [ent for ent in doc.ents if ent.label_ in TIMES_AND_NUMBERS and taken.isdisjoint(range(ent.start, ent.end))]
    doc.ents = filter_spans(spans)
    correct_labels(doc)
    return doc


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


def _place_samples(row: Row, labels: list[str]) -> list[Sample]:
    """Return the paragraphs of an article as the teacher and we label it, its places put right by the annotators."""
    doc = _labelled(row, labels)
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


def _own_samples(row: Row, labels: list[str]) -> list[Sample]:
    """Return the paragraphs of an article as the teacher and we label it."""
    doc = _labelled(row, labels)
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
        yield Sample([t.text for t in part], [bool(t.is_sent_start) for t in part], [t.tag_ for t in part], sorted(inside))


def without_common_nouns(articles: list[list[Sample]]) -> Iterator[list[Sample]]:
    """Yield the samples without names of one word at their beginning that are common nouns by all else that is written here ("Gunmen")."""
    small, capital = Counter[str](), Counter[str]()
    for sample in (sample for article in articles for sample in article):
        for position, word in enumerate(sample.words):
            if word.islower() and sample.tags[position] in ("NN", "NNS"):
                small[word] += 1
            elif position and word.istitle():
                capital[word.lower()] += 1
    for article in articles:
        yield [s._replace(spans=[span for span in s.spans if not _is_common(s, span, small, capital)]) for s in article]


def _is_common(sample: Sample, span: Labelled, small: Counter[str], capital: Counter[str]) -> bool:
    start, end, label = span
    word = sample.words[start].lower()
    begins = start == 0 or sample.words[start - 1] in (".", "!", "?", '"', "“", "”")
    is_small = small[word] >= COMMON_LEAST and capital[word] <= CAPITALS_MOST * small[word]
    return begins and is_small and end - start == 1 and label not in TIMES_AND_NUMBERS


def _windows(article: list[Sample], reader: Reader, numbers: Mapping[str, int]) -> Iterator[dict[str, list[int]]]:
    """Yield the windows of an article as the weights read them, and the number of each word's label."""
    labels = []
    sentences: list[list[Word]] = []
    for sample in article:
        of_sample = ["O"] * len(sample.words)
        for start, end, label in sample.spans:
            of_sample[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
        labels += of_sample
        for position, (word, tag) in enumerate(zip(sample.words, sample.tags, strict=True)):
            if position == 0 or sample.begins[position]:
                sentences.append([])
            sentences[-1].append(Word(word, tag, position == 0))
    at = 0
    for words in reader.windows(sentences):
        read = {name: part.tolist() for name, part in reader.read(words)._asdict().items()}
        yield {**read, "labels": [numbers[label] for label in labels[at : at + len(words)]]}
        at += len(words)


if __name__ == "__main__":
    main()
