"""Reads the queries of a batch; a query that is wrong becomes a message and does no harm to the others."""

import json
import math
from dataclasses import dataclass
from typing import Literal

from kg.limits import count_limit
from kg.vocab import KG, KG_NAMESPACE
from server.reconcile_entries import ROOTS
from server.reconcile_manifest import properties

_TABLE = "reconciliation_limits"
_FIELDS = ("query", "type", "type_strict", "limit", "properties")
_STRICT = ("any", "all", "should")
Strict = Literal["any", "all", "should"]


class BadQuery(ValueError):
    """A query is wrong; the message says what and what to send."""


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """A property and the values that a candidate should have, as text."""

    id: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One query of a batch; `types` are local names of our classes."""

    text: str
    types: tuple[str, ...] = ()
    strict: Strict = "any"
    limit: int = 10
    properties: tuple[PropertyValue, ...] = ()


def read_json_object(text: str, parameter: str) -> dict[str, object]:
    """Return the JSON object that a parameter holds; BadQuery otherwise."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadQuery(f"{parameter} is not JSON: {error or 'it is nested too deep'}") from error
    if not isinstance(value, dict):
        raise BadQuery(f"{parameter} is a JSON {_json_name(value)}; send an object")
    return value


def read_query(value: object) -> Query:
    """Return one query of a batch; BadQuery says what is wrong."""
    if not isinstance(value, dict):
        raise BadQuery(f"the query is a JSON {_json_name(value)}; send an object")
    if unknown := sorted(set(value) - set(_FIELDS)):
        raise BadQuery(f"unknown field {unknown[0]!r}; a query may have {', '.join(_FIELDS)}")
    text = value.get("query", "")
    if not isinstance(text, str):
        raise BadQuery(f"query is a JSON {_json_name(text)}; send a string")
    if len(text) > (most := count_limit("query-letters-most", _TABLE)):
        raise BadQuery(f"query has {len(text)} characters; names have at most {most}")
    filters = _properties(value.get("properties", []))
    if "query" not in value and not filters:
        raise BadQuery("neither query nor properties; send a name, or a property with a value")
    return Query(text, _types(value.get("type", [])), _strict(value.get("type_strict", "any")), _limit(value.get("limit")), filters)


def _types(value: object) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise BadQuery(f"type is {json.dumps(value)}; send the id of a class, or a list of them")
    names = tuple(dict.fromkeys(str(name).removeprefix(KG_NAMESPACE) for name in given if name))
    for name in names:
        if name not in KG or not KG.ancestors(name) & ROOTS:
            raise BadQuery(f"type {name!r} is no class of things; see defaultTypes or the type suggestions")
    return names


def _strict(value: object) -> Strict:
    for name in _STRICT:
        if value == name:
            return name  # type: ignore[return-value]
    raise BadQuery(f"type_strict is {json.dumps(value)}; send one of {', '.join(_STRICT)}")


def _limit(value: object) -> int:
    if value is None:
        return count_limit("limit-default", _TABLE)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 1:
        raise BadQuery(f"limit is {json.dumps(value)}; send a number from 1")
    return min(int(value), count_limit("limit-most", _TABLE))


def _properties(value: object) -> tuple[PropertyValue, ...]:
    if not isinstance(value, list):
        raise BadQuery(f"properties is a JSON {_json_name(value)}; send a list of objects with pid and v")
    return tuple(_property(item) for item in value)


def _property(item: object) -> PropertyValue:
    if not isinstance(item, dict) or not {"pid", "v"} <= set(item) or not isinstance(item["pid"], str):
        raise BadQuery(f"property {json.dumps(item)[:80]}; send an object with pid and v")
    if item["pid"] not in properties():
        raise BadQuery(f"property {item['pid']!r} is not known; there are {', '.join(properties())}")
    given = item["v"] if isinstance(item["v"], list) else [item["v"]]
    if len(given) > (most := count_limit("values-most", _TABLE)):
        raise BadQuery(f"property {item['pid']!r} has {len(given)} values; send at most {most}")
    return PropertyValue(item["pid"], tuple(text for value in given if (text := _text(value, item["pid"]))))


def _text(value: object, property_id: str) -> str:
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        value = value["id"]
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        raise BadQuery(f"property {property_id!r} has the value {json.dumps(value)[:80]}; send text, a number or an object with id")
    return str(value).strip()[: count_limit("query-letters-most", _TABLE)]


def _refuse(constant: str) -> float:
    raise BadQuery(f"{constant} is no JSON")


def _json_name(value: object) -> str:
    names = {str: "string", bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")
