"""Hand-made news and decisions on who is who, a store of them, and what it publishes."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner, Result
from named import record

from kg.cli import main
from kg.dump import write_dump
from kg.generations import open_current
from kg.iris import DEFAULT_BASE as BASE
from kg.judgements import Judgement, made_by_hand, read_judgements
from kg.publish import publish
from kg.rdf import n_quads, quads
from kg.records import Built, Extraction, to_json
from kg.store import Store
from kg.validate import Gate
from kg.vocab import KG

GATE = Gate()
NEWS = (
    record("harbour-1", "City: Vardal @ no", "Person: Ana Ilic", "Country: Norway @ no"),
    record("harbour-2", "Organisation: VRDL @ no", "Person: Bo Lund", "Country: Norway @ no"),
    record("harbour-3", "City: Wardal @ no", "Country: Norway @ no"),
    record("inland-1", "City: Storfjell @ no", "Person: Ana Ilic", "Country: Norway @ no"),
)
VARDAL, VRDL, WARDAL = "city/vardal.no", "organisation/vrdl.no", "city/wardal.no"


def same(left: str, right: str, *, article: str = "", by: str = "Ada", note: str = "") -> Judgement:
    return made_by_hand(left, right, "same", by=by, on="2024-05-31", article=article, note=note)


def different(left: str, right: str, *, article: str = "") -> Judgement:
    return made_by_hand(left, right, "different", by="Ada", on="2024-05-31", article=article)


def store_of(path: Path, records: Iterable[Extraction] = NEWS) -> Store:
    store = Store(path, base=BASE, text="evidence")
    store.add([built(each) for each in records])
    publish(store, GATE)
    return store


def built(each: Extraction) -> Built:
    article_quads = quads(each)
    return Built(article_quads[0].graph_name.value, n_quads(article_quads), to_json(each))


def dump(path: Path) -> bytes:
    target = path / "dump.nq"
    write_dump(open_current(path), "nq", target, base=BASE, stdout=None)  # type: ignore[arg-type]
    return target.read_bytes()


def graphs(path: Path) -> dict[str, list[str]]:
    """Return the sorted quads of each named graph of the newest generation."""
    published = open_current(path).graphs
    return {
        graph.value.removeprefix(BASE): sorted(map(str, published.quads_for_pattern(None, None, None, graph)))
        for graph in published.named_graphs()
    }


def named_in(store: Store, article: str) -> set[str]:
    """Return the things that the graphs of an article name, without the base."""
    found = store.graphs.quads_for_pattern(None, KG.name, None, None)
    return {quad.subject.value.removeprefix(BASE) for quad in found if quad.graph_name.value.startswith(f"{BASE}article/{article}/")}


def written(folder: Path, *lines: str) -> tuple[Judgement, ...]:
    path = folder / "decisions.csv"
    rows = [f"city/{left}.no,city/{right}.no,{rest},Ada,2024-05-31" for left, right, rest in (line.split(",") for line in lines)]
    path.write_text("\n".join(["left,right,judgement,by,on", *rows]) + "\n", encoding="utf-8")
    return read_judgements(path)


class Told(NamedTuple):
    code: int
    words: str


def kg(store: Path, *words: str) -> Told:
    result: Result = CliRunner().invoke(main, [words[0], "--store", str(store), *words[1:]])
    return Told(result.exit_code, result.output)
