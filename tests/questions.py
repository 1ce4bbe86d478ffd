"""Queries over the demo corpus for the comparison of two servers: those of a file, and any number made by chance from a seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HAND_MADE = Path(__file__).parent / "server" / "differential.rq"
PREFIXES = {
    "kg": "https://w3id.org/news-kg/ontology#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "ex": "http://example.org/",
}
_PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

# What can be asked about a kind of node: the class it is found by, and its properties with the kind of what they give.
_KINDS = {
    "statement": (
        ("ReportedStatement",),
        (
            ("act", "word"),
            ("polarity", "node"),
            ("certainty", "node"),
            ("source", "actor"),
            ("contentMention", "mention"),
            ("sourceDescription", "text"),
        ),
    ),
    "event": (
        ("Seizure", "Attack", "Death", "Conflict", "Diplomacy"),
        (("agent", "actor"), ("patient", "actor"), ("place", "place"), ("destination", "place"), ("mainEvent", "event")),
    ),
    "actor": (("Person", "Group", "Organisation"), (("name", "text"), ("wikidata", "node"), ("title", "text"))),
    "place": (("City", "Country", "Place"), (("within", "place"), ("wikidata", "node"), ("geonames", "node"), ("name", "text"))),
    "judgement": (("Judgement",), (("score", "number"), ("method", "word"), ("verdict", "node"), ("judges", "node"))),
    "mention": (("SourceMention",), (("exact", "text"), ("start", "number"), ("end", "number"))),
}
_FILTERS = {
    "word": ("STRLEN({0}) > 4", '{0} IN ("say", "tell", "deny", "catalogue")', 'REGEX({0}, "e$")', 'UCASE({0}) != "SAY"', '{0} < "m"'),
    "text": (
        "STRLEN({0}) < 12",
        'CONTAINS(LCASE(STR({0})), "a")',
        'LANGMATCHES(LANG({0}), "en")',
        'REGEX({0}, "^[A-K]")',
        'STRENDS(STR({0}), "n")',
    ),
    "number": ("{0} > 0.9", "{0} * 2 < 500", "FLOOR({0}) = 0 || {0} > 300", "{0} NOT IN (1, 2, 0.95)"),
    "other": ("ISIRI({0})", "STRLEN(STR({0})) > 60", '!CONTAINS(STR({0}), "e")', "SAMETERM({0}, {0})"),
}
_EXPRESSIONS = (
    "STRLEN(STR({0}))",
    "UCASE(SUBSTR(STR({0}), 30, 9))",
    'IF(BOUND({0}), "there", "not there")',
    "COALESCE({0}, 0)",
    "DATATYPE({0})",
    "ISIRI({0})",
)
_AGGREGATES = ("COUNT({0})", "COUNT(DISTINCT {0})", "MIN({0})", "MAX({0})", "SUM(STRLEN(STR({0})))", "AVG(STRLEN(STR({0})))", "COUNT(*)")


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its name; `parameters` go with it, `is_ordered`: its order is total, `is_broken`: it is to be refused."""

    name: str
    text: str
    parameters: tuple[tuple[str, str], ...] = ()
    is_ordered: bool = False
    is_broken: bool = False

    def fields(self) -> dict[str, str | list[str]]:
        """Return the request's parameters."""
        fields: dict[str, str | list[str]] = {"query": self.text}
        for name, _ in self.parameters:
            fields[name] = [value for other, value in self.parameters if other == name]
        return fields


def read_questions() -> Iterator[Question]:
    """Yield the queries made by hand, in whose file `## NAME | DIRECTIVES` stands above each."""
    for block in _HAND_MADE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, text = block.partition("\n")
        name, _, said = title.partition(" | ")
        words = said.split()
        parameters = tuple((key, value.replace("%20", " ")) for key, sign, value in (word.partition("=") for word in words) if sign)
        yield Question(name, _PROLOGUE + text.strip(), parameters, "ordered" in words, "broken" in words)


def generated_questions(count: int, seed: int) -> Iterator[Question]:
    """Yield queries made by chance, the same ones for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        made = _Made(chance)
        text, is_ordered = _FORMS[number % len(_FORMS)](made)
        yield Question(f"generated {seed}-{number}", _PROLOGUE + text, is_ordered=is_ordered)


class _Made:
    """A pattern made by chance, with the kinds of its variables; it begins at the nodes of a class, so that it stays small."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        kind = chance.choice(list(_KINDS))
        self.variables = {"?a": kind}
        parts = [f"?a a kg:{chance.choice(_KINDS[kind][0])} ."]
        parts += [self._part(depth=0) for _ in range(chance.randint(1, 4))]
        self.pattern = " ".join(parts)

    def some(self) -> str:
        return self.chance.choice(list(self.variables))

    def filter(self) -> str:
        variable = self.some()
        tests = _FILTERS.get(self.variables[variable], _FILTERS["other"])
        return f"FILTER({self.chance.choice(tests).format(variable)})"

    def _part(self, depth: int) -> str:
        draw = self.chance.random()
        if draw < 0.5 or depth > 1:
            return self._triple()
        if draw < 0.75:
            before = set(self.variables)
            if draw < 0.65:
                part = f"OPTIONAL {{ {self._triple()} {self._part(depth + 1)} }}"
            else:
                part = f"{{ {self._triple(start='?a')} }} UNION {{ {self._triple(start='?a')} }}"
            # These may be unbound: nothing begins at them, since that would be everything.
            self.variables |= {name: "node" for name, kind in self.variables.items() if name not in before and kind in _KINDS}
            return part
        if draw < 0.85:
            return self.filter()
        kept = dict(self.variables)  # what these bind is not seen outside
        word = self.chance.choice(("MINUS", "FILTER EXISTS", "FILTER NOT EXISTS"))
        part = f"{word} {{ {self._triple(start='?a')} }}"
        self.variables = kept
        return part

    def _triple(self, start: str | None = None) -> str:
        subject = start or self.chance.choice([variable for variable, kind in self.variables.items() if kind in _KINDS])
        name, kind = self.chance.choice(_KINDS[self.variables[subject]][1])
        path = f"kg:{name}" + (self.chance.choice(("", "", "+")) if name == "within" else "")
        variable = f"?{'abcdefghijklmnopqrstuvwxyz'[len(self.variables)]}"
        self.variables[variable] = kind
        return f"{subject} {path} {variable} ."


def _select(made: _Made) -> tuple[str, bool]:
    distinct = made.chance.choice(("", "DISTINCT "))
    return f"SELECT {distinct}{' '.join(made.variables)} {{ {made.pattern} {made.filter()} }}", False


def _ordered(made: _Made) -> tuple[str, bool]:
    names = list(made.variables)
    order = " ".join(made.chance.choice((name, f"DESC({name})")) for name in names)
    piece = f"LIMIT {made.chance.randint(1, 40)} OFFSET {made.chance.randint(0, 10)}"
    return f"SELECT {' '.join(names)} {{ {made.pattern} }} ORDER BY {order} {piece}", True


def _grouped(made: _Made) -> tuple[str, bool]:
    key, other = made.some(), made.some()
    aggregate = made.chance.choice(_AGGREGATES).format(other)
    having = made.chance.choice(("", " HAVING (COUNT(*) > 1)"))
    return f"SELECT {key} ({aggregate} AS ?made) {{ {made.pattern} }} GROUP BY {key}{having}", False


def _computed(made: _Made) -> tuple[str, bool]:
    variable = made.some()
    expression = made.chance.choice(_EXPRESSIONS).format(variable)
    return f"SELECT {variable} ?made {{ {made.pattern} BIND({expression} AS ?made) }}", False


def _nested(made: _Made) -> tuple[str, bool]:
    inner = f"SELECT DISTINCT ?a {{ {made.pattern} {made.filter()} }} ORDER BY ?a LIMIT {made.chance.randint(1, 20)}"
    return f"SELECT ?a ?class {{ {{ {inner} }} ?a a ?class }}", False


def _ask(made: _Made) -> tuple[str, bool]:
    return f"ASK {{ {made.pattern} {made.filter()} }}", False


def _construct(made: _Made) -> tuple[str, bool]:
    variable = made.some()
    other = made.chance.choice((f"?a ex:is {variable} .", f"?a ex:is [ ex:of {variable} ] .", f"?a ex:is {variable} {{| ex:by ?a |}} ."))
    inner = f"SELECT DISTINCT ?a {variable} {{ {made.pattern} }}" if variable != "?a" else f"SELECT DISTINCT ?a {{ {made.pattern} }}"
    return f"CONSTRUCT {{ ?a a ex:Thing . {other} }} {{ {inner} }}", False


def _describe(made: _Made) -> tuple[str, bool]:
    return f"DESCRIBE ?a {{ SELECT DISTINCT ?a {{ {made.pattern} }} ORDER BY ?a LIMIT 3 }}", False


_FORMS = (_select, _ordered, _grouped, _computed, _nested, _select, _ask, _construct, _grouped, _describe)
