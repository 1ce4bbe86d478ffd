"""Folds names for comparing and for IRIs; what is shown and stored is never folded."""

import re
import unicodedata


def fold(name: str) -> str:
    """Return a name without case, marks and punctuation: `fold("Pol-e Khomrī’s")` is `"pol e khomri s"`.

    Letters of all scripts stay; everything that is no letter or digit becomes one blank.
    """
    return " ".join(re.findall(r"[^\W_]+", without_marks(name)))


def without_marks(name: str) -> str:
    """Return a name without case and combining marks, its punctuation kept."""
    return "".join(character for character in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(character))
