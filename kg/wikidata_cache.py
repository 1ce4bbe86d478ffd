"""Keeps answers on disk, one file a question, each with the date it was asked on: the same folder, the same bytes.

A file is JSON: {"answer": …, "asked": "2026-11-21", "question": …}. Dates are given by the caller; the clock is never read.
"""

import hashlib
import json
from datetime import date
from pathlib import Path


class AnswerCache:
    """A folder of answers; what was asked more than `days` days before `on` counts as not there."""

    def __init__(self, folder: Path, *, on: date, days: int) -> None:
        self.folder = folder
        self.on = on
        self.days = days

    def read(self, question: str) -> tuple[date, object] | None:
        """Return when a question was asked, and its answer; None where it was not, too long ago, or the file is broken."""
        path = self._path(question)
        try:
            kept = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:  # cut off, or not ours: asked again and written anew
            return None
        if not isinstance(kept, dict) or kept.get("question") != question or "answer" not in kept:
            return None
        asked = _day(kept.get("asked"))
        if asked is None or (self.on - asked).days > self.days:
            return None
        return asked, kept["answer"]

    def write(self, question: str, answer: object) -> None:
        """Keep an answer, whole or not at all."""
        path = self._path(question)
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"question": question, "asked": self.on.isoformat(), "answer": answer}
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps(kept, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8")
        part.replace(path)

    def _path(self, question: str) -> Path:
        name = hashlib.sha256(question.encode()).hexdigest()[:40]
        return self.folder / name[:2] / f"{name}.json"


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
