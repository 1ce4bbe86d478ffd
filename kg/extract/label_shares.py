"""Keeps beside a Doc how sure the recogniser is of each label, for those who weigh labels against other signs."""

from collections import Counter
from collections.abc import Mapping

from spacy.tokens import Doc

_KEY = "label_shares"  # of doc.user_data

Shares = Mapping[str, float]
"""Labels without B- and I-, and the probability of each."""


def keep_shares(doc: Doc, position: int, shares: Shares) -> None:
    """Keep what the recogniser gives the token at a position, in place of what was kept of it."""
    doc.user_data.setdefault(_KEY, {})[position] = shares


def label_shares(doc: Doc, start: int, end: int) -> Shares:
    """Return the mean of what is kept of tokens; nothing where nothing is."""
    kept = doc.user_data.get(_KEY, {})
    total: Counter[str] = Counter()
    for position in range(start, end):
        for label, share in kept.get(position, {}).items():
            total[label] += share / (end - start)
    return total
