"""A small published graph and the questions that tests of the reconciliation service ask of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.generations import publish
from kg.iris import DEFAULT_BASE as BASE
from kg.vocab import FOREIGN, KG

RDF, RDFS, SKOS, VOID = (FOREIGN[prefix] for prefix in ("rdf", "rdfs", "skos", "void"))
ENTITIES = NamedNode(f"{BASE}graph/entities")
ARTICLE = NamedNode(f"{BASE}article/wire-1/0123456789ab")

# Kind, id, label, other names: people and bodies of the demo corpus, which are invented, and places.
THINGS = [
    ("Person", "akram-warsajwal.af", "Akram Warsajwal", ""),
    ("Person", "basir-injilwal.af", "Basir Injilwal", "Injilwal"),
    ("Person", "dale-hartsough.us", "Dale Hartsough", "Hartsough"),
    ("Person", "daud-arghandiwal.af", "Daud Arghandiwal", ""),
    ("Person", "esmat-kholmyar.af", "Esmat Kholmyar", ""),
    ("Person", "farhad-gulranwal.af", "Farhad Gulranwal", "Farhad"),
    ("Person", "farida-pamirzad.af", "Farida Pamirzad", "Pamirzad"),
    ("Person", "faryad-khwajawi.af", "Faryad Khwajawi", ""),
    ("Person", "hashmat-delarami.af", "Hashmat Delarami", "Delarami"),
    ("Person", "ingrid-vellemar.af", "Ingrid Vellemar", "Vellemar"),
    ("Person", "jamila-yaftalwal.af", "Jamila Yaftalwal", ""),
    ("Person", "jassim-al-rumailat.qa", "Jassim al-Rumailat", "Al-Rumailat"),
    ("Person", "layla-bakwazad.af", "Layla Bakwazad", "Bakwazad"),
    ("Person", "mirwais-takharwal.af", "Mirwais Takharwal", ""),
    ("Person", "nasim-qarabaghzad.af", "Nasim Qarabaghzad", ""),
    ("Person", "obaidullah-sozmawal.af", "Obaidullah Sozmawal", ""),
    ("Person", "parwin-zarghuni.af", "Parwin Zarghuni", "Zarghuni"),
    ("Person", "qasim-gulranwal.af", "Qasim Gulranwal", "Gulranwal"),
    ("Person", "rohina-aqchawal.af", "Rohina Aqchawal", "Aqchawal"),
    ("Person", "safiullah-dahanwal.af", "Safiullah Dahanwal", "Dahanwal"),
    ("Person", "shukria-nawandish.af", "Shukria Nawandish", "Nawandish"),
    ("Person", "tariq-surkhrodwal.af", "Tariq Surkhrodwal", ""),
    ("Person", "tawab-sharafmal.af", "Tawab Sharafmal", "Sharafmal"),
    ("Person", "tobias-renqvist.us", "Tobias Renqvist", "Renqvist"),
    ("Person", "wahid-tashqurghani.af", "Wahid Tashqurghani", "Tashqurghani"),
    ("Person", "zmarak-ludinwal.af", "Zmarak Ludinwal", "Ludinwal"),
    ("MediaOrganisation", "ostervik-daily.no", "Ostervik Daily", ""),
    ("MediaOrganisation", "saffron-gate-monitor.af", "Saffron Gate Monitor", ""),
    ("MediaOrganisation", "quillbrook-courier.gb", "Quillbrook Courier", "Courier"),
    ("GovernmentBody", "jawzjan-provincial-council.af", "Jawzjan Provincial Council", ""),
    ("GovernmentBody", "ministry-of-interior-affairs.af", "Ministry of Interior Affairs", "Interior Ministry"),
    ("InternationalOrganisation", "dorvan-relief-board.xx", "Dorvan Relief Board", ""),
    ("MilitaryUnit", "203rd-corps.af", "203rd Corps", ""),
    ("MilitaryUnit", "215th-corps.af", "215th Corps", ""),
    ("City", "dorvan.af", "Dorvan", ""),
    ("City", "quillbrook.gb", "Quillbrook", ""),
    ("Province", "dorvan.af", "Dorvan", ""),
    ("City", "lashkar-tal.af", "Lashkar Tal", ""),
    ("Country", "norway.no", "Norway", "the Norwegians"),
]


def thing_id(kind: str, rest: str) -> str:
    return f"{''.join(f'-{c.lower()}' if c.isupper() else c for c in kind)[1:]}/{rest}"


def thing_quads(thing: str, kind: str, label: str, *others: str) -> Iterator[Quad]:
    node = NamedNode(BASE + thing)
    for name in sorted(KG.ancestors(kind)):
        yield Quad(node, RDF.type, KG[name], ENTITIES)
    yield Quad(node, RDFS.label, Literal(label, language="en"), ENTITIES)
    for name in others:
        yield Quad(node, SKOS.altLabel, Literal(name, language="en"), ENTITIES)


def statement_quads(number: int, source: str, words: str) -> Iterator[Quad]:
    """Yield a statement by a thing, in one article, with one mention of it."""
    node, sentence, mention = (NamedNode(f"{ARTICLE.value}/{part}/{number}") for part in ("statement", "mention", "mention/name"))
    for subject, term, value in (
        (node, RDF.type, KG.ReportedStatement),
        (node, KG.act, KG.ActDeny),
        (node, KG.inArticle, ARTICLE),
        (node, KG.source, NamedNode(BASE + source)),
        (node, KG.sentenceMention, sentence),
        (sentence, KG.exact, Literal(words)),
        (mention, KG.denotes, NamedNode(BASE + source)),
        (ARTICLE, KG.headline, Literal("<b>Board</b> denies")),
        (ARTICLE, KG.published, Literal("2021-08-10T08:00:00Z", datatype=FOREIGN["xsd"].dateTime)),
    ):
        yield Quad(subject, term, value, ARTICLE)


def write_store(path: Path) -> Path:
    """Publish the things, a statement or five, an unnamed thing and one with a hostile name; return the folder."""
    live = Store(str(path / "live"))
    live.add(Quad(NamedNode(f"{BASE}dataset"), RDF.type, VOID.Dataset, NamedNode(f"{BASE}graph/dataset")))
    for kind, rest, label, others in THINGS:
        live.extend(thing_quads(thing_id(kind, rest), kind, label, *filter(None, others.split("|"))))
    live.add(Quad(NamedNode(f"{BASE}country/norway.no"), KG.wikidata, NamedNode("http://www.wikidata.org/entity/Q20"), ENTITIES))
    live.add(Quad(NamedNode(f"{BASE}city/dorvan.af"), KG.partOf, NamedNode(f"{BASE}province/dorvan.af"), ENTITIES))
    live.extend(thing_quads("person/wire-1.10-20", "Person", "a doctor in Dorvan"))
    live.extend(thing_quads("organisation/script.xx", "Organisation", "<script>alert(1)</script> & Sons"))
    for number in range(5):
        live.extend(
            statement_quads(number, "international-organisation/dorvan-relief-board.xx", f"The board <i>denied</i> report {number}.")
        )
    publish(live, path)
    return path


# A batch of one of everything, the third query wrong.
QUERIES = {
    "q0": {
        "query": "Tawab Sharafmal",
        "type": "Person",
        "type_strict": "should",
        "limit": 3,
        "properties": [{"pid": "country", "v": "AF"}],
    },
    "q1": {"query": "Canada"},
    "q2": {"limit": 3},
    "q3": {"properties": [{"pid": "wikidata", "v": {"id": "Q20", "name": "Norway"}}]},
}


def ask(client: FlaskClient, **queries: object) -> dict[str, Any]:
    response = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert response.status_code == 200, response.data
    return response.get_json()


def results(client: FlaskClient, query: str, **fields: object) -> list[dict[str, Any]]:
    return ask(client, q0={"query": query, **fields})["q0"]["result"]
