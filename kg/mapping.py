"""Takes the quads of an article through the gate to what the store keeps of it."""

from pyoxigraph import Quad

from kg.rdf import TextMode, n_quads
from kg.records import Built, Extraction, to_json
from kg.validate import Gate


def built(extraction: Extraction, article_quads: tuple[Quad, ...], gate: Gate, *, version: str, text: TextMode) -> Built:
    """Return a mapped record ready for the store: what passes the gate, and what does not in quarantine."""
    checked = gate.check(version, article_quads, None if text == "none" else extraction.article.text)
    return Built(
        version=version,
        n_quads=n_quads(checked.kept) + n_quads(checked.quarantined),
        record=to_json(extraction),
        statements=len(extraction.statements),
        events=len(extraction.events),
        entities=len(extraction.entities),
        links=sum(1 for entity in extraction.entities if entity.wikidata),
        triples=len(checked.kept),
        quarantined=len(checked.quarantined),
    )
