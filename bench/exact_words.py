"""Checks every mention in a store against the kept article: `text[start:end]` must be the exact words in the graph.

    python bench/exact_words.py STORE

Prints how many mentions, statements and event mentions stand on how many texts; exit code 1 if words differ or are missing.
"""

import sys
from pathlib import Path

from kg.generations import open_current
from kg.records import read_extraction
from kg.store import Store, read_settings

WORDS = """PREFIX kg: <https://w3id.org/news-kg/ontology#>
SELECT ?version ?start ?end ?exact WHERE { GRAPH ?version { ?mention a kg:Mention ; kg:start ?start ; kg:end ?end ; kg:exact ?exact }
  FILTER(!STRENDS(STR(?version), "/quarantine")) }"""
COUNTS = """PREFIX kg: <https://w3id.org/news-kg/ontology#>
SELECT (COUNT(DISTINCT ?statement) AS ?statements) (COUNT(DISTINCT ?event) AS ?events) WHERE {
  { GRAPH ?version { ?statement a kg:ReportedStatement ; kg:contentMention/kg:exact ?words } }
  UNION { GRAPH ?version { ?event a kg:EventMention ; kg:triggerMention/kg:exact ?words } } }"""
WITHOUT_WORDS = """PREFIX kg: <https://w3id.org/news-kg/ontology#>
SELECT ?node WHERE { GRAPH ?version {
  { ?node a kg:ReportedStatement FILTER NOT EXISTS { ?node kg:contentMention/kg:exact ?words } }
  UNION { ?node a kg:EventMention FILTER NOT EXISTS { ?node kg:triggerMention/kg:exact ?words } } } }"""


def main(path: Path) -> int:
    store = Store(path, **read_settings(path))
    texts = {}
    for record in store.records():
        article = read_extraction(record).article
        texts[article.version] = article.text
    store.close()
    generation = open_current(path)
    total, wrong = 0, []
    for row in generation.query(WORDS):
        version, start, end = row["version"].value, int(row["start"].value), int(row["end"].value)
        total += 1
        if texts[version.rpartition("/")[2]][start:end] != row["exact"].value:
            wrong.append(f"{version}: {start}-{end} is not {row['exact'].value!r}")
    counts = next(iter(generation.query(COUNTS)))
    wordless = [row["node"].value for row in generation.query(WITHOUT_WORDS)]
    statements, events = (int(counts[name].value) for name in ("statements", "events"))
    print(f"{total:,} mentions under {statements:,} statements and {events:,} event mentions of {len(texts):,} texts")
    print(f"{len(wrong)} mentions with other words than the text; {len(wordless)} statements or event mentions without words")
    print("\n".join((wrong + wordless)[:20]))
    return 1 if wrong or wordless or not total else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
