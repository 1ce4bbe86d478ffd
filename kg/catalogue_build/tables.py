"""The rows of the small tables in data/catalogue that steer the build."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variant:
    """Further names, separated by |, of what `id` names: an ISO 3166-2 code, or a region's name with hyphens."""

    id: str
    names: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country's code, in small letters, and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CountryName:
    """A name of the country of an ISO 3166-1 code."""

    id: str
    alpha2: str
    name: str


@dataclass(frozen=True, slots=True)
class CountryVariants:
    """Short forms, separated by |, that a country has in news."""

    id: str
    alpha2: str
    names: str


@dataclass(frozen=True, slots=True)
class CountryCorrection:
    """What is other than the packages say: the item, the point, or whether the row is a country at all."""

    id: str
    alpha2: str
    qid: str | None
    lat: float | None
    long: float | None
    left_out: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """An item, its kind and names, and the package that says so; a country's code where it is of one country."""

    id: str
    qid: str
    kind: str
    name: str
    names: str
    country: str | None
    source: str


@dataclass(frozen=True, slots=True)
class CityDivision:
    """What Natural Earth calls a division that is a city."""

    id: str
    note: str
