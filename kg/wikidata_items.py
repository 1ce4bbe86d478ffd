"""Reads what is needed out of a Wikidata item's JSON: names, classes, country, place, numbers.

Any shape is read; what does not fit is left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

QID = re.compile(r"Q[1-9]\d*")
PROPERTIES = {
    "classes": "P31",
    "above": "P279",
    "countries": "P17",
    "citizenships": "P27",
    "within": "P131",
    "geonames": "P1566",
    "alpha2": "P297",
    "subdivision": "P300",
    "coordinates": "P625",
    "population": "P1082",
}
_ENDED, _POINT_IN_TIME = "P582", "P585"
_EARTH = "/Q2"
_LANGUAGES = ("en", "mul")
"""English, and what Wikidata gives for all languages."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one item says of itself; every tuple keeps the item's order, deprecated and ended statements left out."""

    qid: str
    label: str = ""
    aliases: tuple[str, ...] = ()
    description: str = ""
    classes: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    citizenships: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    geonames: tuple[str, ...] = ()
    alpha2: str | None = None
    subdivision: str | None = None
    lat: float | None = None
    long: float | None = None
    population: int = 0
    sitelinks: int = 0
    revision: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The label and the aliases, each once."""
        return tuple(dict.fromkeys(name for name in (self.label, *self.aliases) if name))


def read_facts(entity: Mapping[str, object]) -> Facts | None:
    """Return the facts of one value of `entities`; None where it is missing or is no item.

    >>> read_facts({"id": "Q20", "labels": {"en": {"value": "Norway"}}}).label
    'Norway'
    """
    qid = entity.get("id")
    if "missing" in entity or not isinstance(qid, str) or not QID.fullmatch(qid):
        return None
    claims = {name: list(_values(entity, of)) for name, of in PROPERTIES.items()}
    lat, long = _coordinates(claims["coordinates"])
    return Facts(
        qid=qid,
        label=next((text for language in _LANGUAGES if (text := _text(reach(entity, "labels", language, "value")))), ""),
        aliases=tuple(dict.fromkeys(text for language in _LANGUAGES for text in _alias_texts(entity, language))),
        description=_text(reach(entity, "descriptions", "en", "value")),
        classes=_ids(claims["classes"]),
        above=_ids(claims["above"]),
        countries=_ids(claims["countries"]),
        citizenships=_ids(claims["citizenships"]),
        within=_ids(claims["within"]),
        geonames=tuple(dict.fromkeys(text for value in claims["geonames"] if (text := _text(value)).isdecimal())),
        alpha2=next((text.lower() for value in claims["alpha2"] if (text := _text(value))), None),
        subdivision=next((text for value in claims["subdivision"] if (text := _text(value))), None),
        lat=lat,
        long=long,
        population=_population(entity),
        sitelinks=len(links) if isinstance(links := entity.get("sitelinks"), dict) else 0,
        revision=_whole(entity.get("lastrevid")),
    )


def to_answer(facts: Facts) -> dict[str, object]:
    """Return facts as what the cache keeps: only what is there."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(facts).items() if value not in ((), "", None, 0)
    }


def from_answer(answer: object) -> Facts | None:
    """Return the facts that the cache kept; None where it kept that there are none."""
    qid = reach(answer, "qid")
    if not isinstance(qid, str):
        return None
    return Facts(
        qid=qid,
        label=_text(reach(answer, "label")),
        aliases=_texts(reach(answer, "aliases")),
        description=_text(reach(answer, "description")),
        classes=_texts(reach(answer, "classes")),
        above=_texts(reach(answer, "above")),
        countries=_texts(reach(answer, "countries")),
        citizenships=_texts(reach(answer, "citizenships")),
        within=_texts(reach(answer, "within")),
        geonames=_texts(reach(answer, "geonames")),
        alpha2=_text(reach(answer, "alpha2")) or None,
        subdivision=_text(reach(answer, "subdivision")) or None,
        lat=_number(reach(answer, "lat")),
        long=_number(reach(answer, "long")),
        population=_whole(reach(answer, "population")),
        sitelinks=_whole(reach(answer, "sitelinks")),
        revision=_whole(reach(answer, "revision")),
    )


def reach(value: object, *path: str) -> object:
    """Return what stands at a path of keys in JSON objects; None where the path breaks off."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _statements(entity: Mapping[str, object], of: str) -> Sequence[Mapping[str, object]]:
    """Return the statements of a property that count: the preferred ones, else the normal ones; ended ones only if all are."""
    found = reach(entity, "claims", of)
    known = [
        statement
        for statement in (found if isinstance(found, list) else [])
        if isinstance(statement, dict) and reach(statement, "mainsnak", "snaktype") == "value"
    ]
    current = [statement for statement in known if not reach(statement, "qualifiers", _ENDED)] or known
    for rank in ("preferred", "normal"):
        if ranked := [statement for statement in current if statement.get("rank", "normal") == rank]:
            return ranked
    return []


def _values(entity: Mapping[str, object], of: str) -> Iterator[object]:
    for statement in _statements(entity, of):
        yield reach(statement, "mainsnak", "datavalue", "value")


def _ids(values: list[object]) -> tuple[str, ...]:
    found = (_text(reach(value, "id")) or f"Q{reach(value, 'numeric-id')}" for value in values)
    return tuple(dict.fromkeys(qid for qid in found if QID.fullmatch(qid)))


def _coordinates(values: list[object]) -> tuple[float | None, float | None]:
    for value in values:
        lat, long = _number(reach(value, "latitude")), _number(reach(value, "longitude"))
        globe = _text(reach(value, "globe"))
        if lat is not None and long is not None and abs(lat) <= 90 and abs(long) <= 180 and (not globe or globe.endswith(_EARTH)):
            return round(lat, 6), round(long, 6)
    return None, None


def _population(entity: Mapping[str, object]) -> int:
    """Return the newest number, by its point in time; the largest of equally old ones."""
    dated = []
    for statement in _statements(entity, PROPERTIES["population"]):
        amount = _text(reach(statement, "mainsnak", "datavalue", "value", "amount")).removeprefix("+")
        moments = reach(statement, "qualifiers", _POINT_IN_TIME)
        first = moments[0] if isinstance(moments, list) and moments else None
        if amount.isdecimal():
            dated.append((_text(reach(first, "datavalue", "value", "time")), int(amount)))
    return max(dated)[1] if dated else 0


def _alias_texts(entity: Mapping[str, object], language: str) -> Iterator[str]:
    found = reach(entity, "aliases", language)
    for alias in found if isinstance(found, list) else ():
        if text := _text(reach(alias, "value")):
            yield text


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(text for item in value if (text := _text(item))) if isinstance(value, list) else ()


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
