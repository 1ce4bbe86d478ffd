"""A small store, and an application that answers with its description and nothing else."""

from pathlib import Path

from flask import Flask
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib import RDF, Graph, Namespace, URIRef

from kg.generations import publish
from kg.statistics import statistics_path
from server.description import Service
from server.description_answer import CurrentStatistics, description_response
from server.limits import Limits
from server.newest import Newest
from server.page_errors import register_errors

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
HOME = "http://example.org/"
ENDPOINT = URIRef("http://localhost/sparql")


def small_store(path: Path) -> Path:
    """Publish three triples in two graphs, without counts beside them."""
    live = Store(str(path / "live"))
    for subject, graph in (("mole", "harbour"), ("mole", "tide"), ("buoy", "tide")):
        live.add(Quad(NamedNode(HOME + subject), NamedNode(HOME + "depth"), Literal("9"), NamedNode(HOME + graph)))
    publish(live, path)
    statistics_path(path / "generations" / "000001").unlink(missing_ok=True)
    return path


def app_of(store_path: Path, service: Service) -> Flask:
    app = Flask("described")
    reader, counts = Newest(store_path), CurrentStatistics(store_path)
    app.add_url_rule(
        "/sparql", view_func=lambda: description_response(reader.current(), counts.of(reader.current()), service), endpoint="it"
    )
    register_errors(app)
    return app


def described(store_path: Path, service: Service | None = None) -> Graph:
    answer = app_of(store_path, service or Service(Limits())).test_client().get("/sparql")
    return Graph().parse(data=answer.data, format="turtle", publicID=str(ENDPOINT))


def service_of(graph: Graph) -> object:
    return graph.value(predicate=RDF.type, object=SD.Service, any=False)
