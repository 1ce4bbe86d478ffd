"""Makes data/catalogue/territories.csv again from the Python package rigour 2.6.1 and territory_variants.csv.

Run it from the repository's root with the package in an environment of its own:

    python3 -m venv .territories && .territories/bin/pip install rigour==2.6.1
    PYTHONPATH=. .territories/bin/python docs/build_territories.py
"""

import csv
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rigour._core import territories_jsonl
from rigour.data import iter_jsonl_text

from kg.folding import fold

FOLDER = Path("data/catalogue")
COLUMNS = ["qid", "alpha2", "name", "names", "kind", "source", "source_version", "licence"]
# The package gives the item of the kingdom and of the state; news names the country and the territory.
ITEMS = {"nl": "Q55", "eh": "Q6250"}
# Neither countries nor territories: a union of states, all states, the world, no place.
NO_TERRITORY = {"eu", "un", "zz", "ip"}

Territory = dict[str, Any]


def rows() -> Iterator[dict[str, str]]:
    """Yield a row a country, and one for each region that bears a country's name and so makes it ambiguous."""
    territories = [territory for territory in iter_jsonl_text(territories_jsonl()) if not territory.get("is_historical")]
    with (FOLDER / "territory_variants.csv").open(encoding="utf-8", newline="") as lines:
        variants = {variant["alpha2"]: variant["names"].split("|") for variant in csv.DictReader(lines)}
    taken: set[str] = set()
    for territory in filter(is_country, territories):
        names = [*strong_names(territory), *variants.get(territory["code"], [])]
        taken |= {fold(name) for name in names}
        yield row(territory, territory["code"], "Country", names)
    for territory in territories:
        bare = territory["name"].split(" (")[0]
        if "-" in territory["code"] and fold(bare) in taken and not territory["is_ftm"]:
            yield row(territory, territory["parent"], "Region", [bare])


def is_country(territory: Territory) -> bool:
    has_code = len(territory["code"]) == 2 and territory["code"] not in NO_TERRITORY
    return has_code and (territory["is_country"] or "alpha3" in territory)


def strong_names(territory: Territory) -> list[str]:
    return [territory["full_name"], territory.get("in_sentence") or territory["name"], *territory["names_strong"]]


def row(territory: Territory, alpha2: str, kind: str, names: list[str]) -> dict[str, str]:
    """Return a row; of the variants one for each folded form, in Latin letters, in order of the alphabet."""
    forms: dict[str, str] = {}
    for name in names:
        if fold(name).replace(" ", "").isascii():
            forms.setdefault(fold(name), name)
    forms.pop(fold(territory["name"]), None)
    item = ITEMS.get(territory["code"], territory["qid"])
    cells = [item, alpha2, territory["name"], "|".join(forms[form] for form in sorted(forms)), kind, "rigour", version("rigour"), "MIT"]
    return dict(zip(COLUMNS, cells, strict=True))


if __name__ == "__main__":
    with (FOLDER / "territories.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows(), key=lambda cells: (cells["kind"], cells["alpha2"], cells["qid"])))
