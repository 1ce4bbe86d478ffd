"""Recognises names, times and numbers: a small transformer reads the words of an article and says which of them are called what.

Three layers of MiniLM (Wang et al. 2020), taught by bench/recogniser.py, their weights whole numbers, run by ONNX Runtime. Beside the
pieces of each word they see what the pieces have lost: the word's shape, its tag, and where a paragraph begins.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy
import onnxruntime
from numpy.typing import NDArray
from spacy.tokens import Doc, Span

from kg.extract.label_shares import keep_shares
from kg.extract.word_pieces import WordPieces

WEIGHTS, NUMBERS = "model.onnx", "numbers.json"
_MOST_PIECES = 200  # of a window: some 140 words
_NEVER = -1e4  # far below any score
_LEAST_SHARE = 0.02  # what is less likely is not kept

Integers = NDArray[numpy.int64]
Scores = NDArray[numpy.float32]


class Word(NamedTuple):
    """A word, its tag of the Penn Treebank, and whether a paragraph begins with it."""

    text: str
    tag: str
    begins: bool


class Window(NamedTuple):
    """What is read at once: pieces (n), their features (n, 3), and where each word begins among them (words)."""

    pieces: Integers
    features: Integers
    first: Integers


@dataclass(frozen=True, slots=True)
class Reader:
    """Makes windows of words, by the numbers that the weights know."""

    pieces: WordPieces
    tags: dict[str, int]

    def windows(self, sentences: Iterable[Sequence[Word]]) -> Iterator[list[Word]]:
        """Yield the words of sentences that are read together; a sentence that is too long is cut."""
        together: list[Word] = []
        count = 0
        for sentence in sentences:
            sizes = [len(self.pieces.of(word.text)) for word in sentence]
            if together and count + sum(sizes) > _MOST_PIECES:
                yield together
                together, count = [], 0
            for word, size in zip(sentence, sizes, strict=True):
                if count + size > _MOST_PIECES:
                    yield together
                    together, count = [], 0
                together.append(word)
                count += size
        if together:
            yield together

    def read(self, words: Iterable[Word]) -> Window:
        """Return the words of a window as the weights read them."""
        pieces, features, first = [self.pieces.begin], [(0, 0, 0)], []
        for word in words:
            of_word = self.pieces.of(word.text)
            first.append(len(pieces))
            pieces += of_word
            features += [(_shape(word.text), self.tags.get(word.tag, 0), 1 + word.begins)] * len(of_word)
        pieces.append(self.pieces.end)
        features.append((0, 0, 0))
        return Window(*(numpy.array(part, dtype=numpy.int64) for part in (pieces, features, first)))


@dataclass(frozen=True, slots=True)
class Recogniser:
    """The weights, and the labels by their numbers: O, and B- and I- of each kind."""

    session: Any
    reader: Reader
    labels: list[str]

    def recognise(self, doc: Doc, paragraphs: Sequence[Span]) -> None:
        """Set the entities of a Doc with tags and sentences: what its paragraphs name, by the labels of OntoNotes."""
        positions = [token.i for paragraph in paragraphs for token in paragraph]
        ents = []
        at = 0
        for words in self.reader.windows(sentence for paragraph in paragraphs for sentence in sentences_of(paragraph)):
            (scores,) = self.session.run(None, self.reader.read(words)._asdict())
            for start, end, label in _spans(words, self._best(scores)):
                ents.append(Span(doc, positions[at + start], positions[at + end - 1] + 1, label))
                for word in range(start, end):
                    keep_shares(doc, positions[at + word], self._shares(scores[word]))
            at += len(words)
        doc.ents = ents

    def _shares(self, scores: Scores) -> dict[str, float]:
        """Return the probability of each kind of label, if it is one at all: (labels) of one word."""
        powers = numpy.exp(scores.astype(numpy.float64) - scores.max())
        shares: Counter[str] = Counter()
        for label, share in zip(self.labels, (powers / powers.sum()).tolist(), strict=True):
            if label != "O":
                shares[label[2:]] += share
        return {label: share for label, share in shares.items() if share > _LEAST_SHARE}

    def _best(self, scores: Scores) -> list[str]:
        """Return the best row of labels in which no I- follows another kind (Viterbi 1967)."""
        labels = [self.labels[number] for number in scores.argmax(1)]
        if all(_follows(before, label) for before, label in zip(["O", *labels], labels, strict=False)):
            return labels
        barred = numpy.array([[0.0 if _follows(before, label) else _NEVER for label in self.labels] for before in self.labels])
        total = scores[0] + barred[self.labels.index("O")]
        back = []
        for row in scores[1:]:
            ways = total[:, None] + barred
            back.append(ways.argmax(0))
            total = ways.max(0) + row
        numbers = [int(total.argmax())]
        for way in reversed(back):
            numbers.append(int(way[numbers[-1]]))
        return [self.labels[number] for number in reversed(numbers)]


def read_recogniser(folder: Path) -> Recogniser:
    """Read the files that bench/recogniser.py and bench/name_student.py write."""
    onnxruntime.set_default_logger_severity(3)  # errors only: it warns of machines without a GPU
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # `kg build` has a process for each processor
    session = onnxruntime.InferenceSession(folder / WEIGHTS, options, providers=["CPUExecutionProvider"])
    return Recogniser(session, *read_numbers(folder))


def read_numbers(folder: Path) -> tuple[Reader, list[str]]:
    """Read what numbers the weights know pieces and tags by, and their labels in the order of their numbers."""
    told = json.loads((folder / NUMBERS).read_text(encoding="utf-8"))
    return Reader(WordPieces(told["pieces"]), {tag: number for number, tag in enumerate(told["tags"])}), told["labels"]


def sentences_of(paragraph: Span) -> Iterator[list[Word]]:
    """Yield the words of a paragraph's sentences."""
    words: list[Word] = []
    for token in paragraph:
        if token.is_sent_start and words:
            yield words
            words = []
        words.append(Word(token.text, token.tag_, token.i == paragraph.start))
    yield words


def _spans(words: Sequence[Word], labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of what is labelled; nothing reaches from one paragraph to the next."""
    start = None
    for position, label in enumerate([*labels, "O"]):
        ends = not label.startswith("I-") or words[position].begins
        if start is not None and ends:
            yield start, position, labels[start][2:]
            start = None
        if label != "O" and ends:
            start = position


def _follows(before: str, label: str) -> bool:
    return not label.startswith("I-") or before[1:] == label[1:]


def _shape(word: str) -> int:
    """Return a number for how a word is written: in capitals 2, 3; with one first 4, 5; small 6; with digits 7; mixed 8; else 1."""
    if word.isupper():
        return 2 if len(word) > 1 else 3
    if word[:1].isupper():
        return 4 if len(word) == 1 or word[1:].islower() else 5
    if word.islower():
        return 6
    if any(letter.isdigit() for letter in word):
        return 7
    return 8 if any(letter.isupper() for letter in word) else 1
