"""Turns sums of evidence (log-odds) into scores that read as probabilities."""

import math
from collections.abc import Sequence


def shares(sums: Sequence[float]) -> list[float]:
    """Return each candidate's share of the exponentials of all sums and of "none of them", whose sum is 0.

    >>> [round(share, 2) for share in shares([0.0, 0.0])]
    [0.33, 0.33]
    """
    highest = max(0.0, *sums) if sums else 0.0
    powers = [math.exp(value - highest) for value in sums]
    total = math.exp(-highest) + sum(powers)
    return [power / total for power in powers]
