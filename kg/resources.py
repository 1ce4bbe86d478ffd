"""Finds ontology/, shapes/ and data/ in a checkout or inside the installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent
_IN_WHEEL = {"ontology": "_ontology", "shapes": "_shapes", "data": "_data"}


def resource(folder: str, *parts: str) -> Path:
    """Return the path of a file in `ontology`, `shapes` or `data`; FileNotFoundError names what is missing."""
    for path in (_PACKAGE / _IN_WHEEL[folder], _CHECKOUT / folder):
        if (found := path.joinpath(*parts)).exists():
            return found
    raise FileNotFoundError(f"{'/'.join((folder, *parts))} is neither in the package nor in a checkout beside it; reinstall news-kg")
