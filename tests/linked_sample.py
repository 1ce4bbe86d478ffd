"""A small hand-made graph of two articles for the tests of pages and dumps, and an application that shows it."""

from pathlib import Path

from flask import Flask
from pyoxigraph import RdfFormat, Store

from kg.generations import publish
from server.dumps import dumps_blueprint
from server.newest import Newest
from server.page_errors import register_errors
from server.pages import pages_blueprint
from server.schema_pages import schema_blueprint

BASE = "https://w3id.org/news-kg/id/"
ARTICLE = f"{BASE}article/https%3A%2F%2Ftarn.example%2Fnews%2F7"
OLD, NEW = f"{ARTICLE}/aaaaaaaaaaaa", f"{ARTICLE}/bbbbbbbbbbbb"
OTHER = f"{BASE}article/brook-8/cccccccccccc"
MAYOR, TOWN, UNNAMED = f"{BASE}person/ilda-fenwick.no", f"{BASE}city/vestby.no", f"{BASE}group/https%3A%2F%2Ftarn.example%2Fnews%2F7.40-52"
EVENT = f"{BASE}event/https%3A%2F%2Ftarn.example%2Fnews%2F7/bbbbbbbbbbbb/31-37-Seizure"

TRIG = f"""
@prefix kg: <https://w3id.org/news-kg/ontology#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<{NEW}> {{
  <{ARTICLE}> a kg:Article .
  <{NEW}> a kg:ArticleVersion ; kg:versionOf <{ARTICLE}> ; kg:headline "Vestby <b>taken</b>, mayor says" ; kg:outlet "Tarn Post" ;
    kg:published "2031-05-02T10:00:00Z"^^xsd:dateTime ; kg:sourceUrl "javascript:alert(1)"^^xsd:anyURI ; kg:language "en" .
  <{NEW}/statement/10-20-37> a kg:ReportedStatement ; kg:inArticle <{NEW}> ; kg:act kg:ActConfirm ; kg:quotation kg:QuotationIndirect ;
    kg:polarity kg:PolarityPositive ; kg:certainty kg:CertaintyProbable ; kg:caution kg:CautionNone ; kg:rule "confirm-clause" ;
    kg:source <{MAYOR}> ; kg:sourceDescription "The mayor" ; kg:addressee <{UNNAMED}> ; kg:about <{TOWN}> ;
    kg:sentenceMention <{NEW}/mention/0-41> ; kg:sourceMention <{NEW}/mention/0-9> ; kg:cueMention <{NEW}/mention/10-19> ;
    kg:contentMention <{NEW}/mention/20-37> ; kg:reports <{NEW}/event/31-37-Seizure> .
  <{NEW}/mention/0-41> a kg:Mention ; kg:inArticle <{NEW}> ; kg:start 0 ; kg:end 41 ; kg:exact "The mayor confirmed Vestby had fallen<i>." .
  <{NEW}/mention/0-9> a kg:Mention ; kg:inArticle <{NEW}> ; kg:start 0 ; kg:end 9 ; kg:exact "The mayor" ; kg:denotes <{MAYOR}> ;
    kg:form kg:FormNominal .
  <{NEW}/mention/10-19> a kg:Mention ; kg:inArticle <{NEW}> ; kg:start 10 ; kg:end 19 ; kg:exact "confirmed" .
  <{NEW}/mention/20-37> a kg:Mention ; kg:inArticle <{NEW}> ; kg:start 20 ; kg:end 37 ; kg:exact "Vestby had fallen" .
  <{NEW}/mention/31-37> a kg:Mention ; kg:inArticle <{NEW}> ; kg:start 31 ; kg:end 37 ; kg:exact "fallen" .
  <{NEW}/event/31-37-Seizure> a kg:EventMention ; kg:inArticle <{NEW}> ; kg:eventClass kg:Seizure ;
    kg:triggerMention <{NEW}/mention/31-37> ; kg:voice <{NEW}/statement/10-20-37> ;
    kg:place <{TOWN}> ; kg:polarity kg:PolarityPositive ; kg:modality kg:ModalityPossible ;
    kg:rule "fall-place" ; kg:time <{NEW}/time/40-46> ; kg:quantity <{NEW}/quantity/50-59> .
  <{NEW}/time/40-46> a kg:TimeSpan ; kg:phraseMention <{NEW}/mention/40-46> ; kg:rule "weekday" ; kg:precision kg:PrecisionDay ;
    kg:earliest "2031-05-01T00:00:00Z"^^xsd:dateTime ; kg:latest "2031-05-01T23:59:59Z"^^xsd:dateTime .
  <{NEW}/mention/40-46> a kg:Mention ; kg:inArticle <{NEW}> ; kg:start 40 ; kg:end 46 ; kg:exact "Friday" .
  <{NEW}/quantity/50-59> a kg:Quantity ; kg:phraseMention <{NEW}/mention/50-59> ; kg:approximation kg:ApproximationAtLeast ; kg:lower 12.0 ;
    kg:unit "guards" .
  <{NEW}/mention/50-59> a kg:Mention ; kg:inArticle <{NEW}> ; kg:start 50 ; kg:end 59 ; kg:exact "at least 12" .
  <{NEW}/membership/0-9> a kg:Membership ; kg:member <{MAYOR}> ; kg:title "mayor" ; kg:memberOf <{TOWN}> ; kg:inArticle <{NEW}> .
  <{NEW}/judgement/Q77> a kg:Judgement ; kg:judges <{TOWN}> ; kg:item wd:Q77 ; kg:verdict kg:VerdictMachine ; kg:score 0.91 ;
    kg:method "place-evidence" ; kg:inArticle <{NEW}> .
  <{TOWN}> a kg:City ; kg:name "Vestby" .
  <{MAYOR}> a kg:Person ; kg:name "Ilda Fenwick" .
  <{UNNAMED}> a kg:Group ; kg:name "reporters" .
}}
<{NEW}/quarantine> {{ <{NEW}/mention/90-99> a kg:Mention ; kg:exact "kept apart" . }}
<{OLD}> {{
  <{OLD}> a kg:ArticleVersion ; kg:versionOf <{ARTICLE}> ; kg:headline "Vestby holds out" ;
    kg:published "2031-05-01T10:00:00Z"^^xsd:dateTime .
  <{OLD}/statement/1-2-3> a kg:ReportedStatement ; kg:inArticle <{OLD}> ; kg:act kg:ActDeny ; kg:source <{MAYOR}> .
}}
<{OTHER}> {{
  <{BASE}article/brook-8> a kg:Article .
  <{OTHER}> a kg:ArticleVersion ; kg:versionOf <{BASE}article/brook-8> ; kg:headline "Army denies loss" ; kg:outlet "Brook Daily" ;
    kg:published "2031-05-03T08:00:00Z"^^xsd:dateTime ; kg:sourceUrl "https://brook.example/8"^^xsd:anyURI .
  <{OTHER}/statement/5-8-30> a kg:ReportedStatement ; kg:inArticle <{OTHER}> ; kg:act kg:ActDeny ; kg:sourceDescription "the army" ;
    kg:contentMention <{OTHER}/mention/8-30> ; kg:respondsTo <{NEW}/event/31-37-Seizure> ; kg:about <{TOWN}> .
  <{OTHER}/mention/8-30> a kg:Mention ; kg:inArticle <{OTHER}> ; kg:start 8 ; kg:end 30 .
}}
<{BASE}graph/entities> {{
  <{TOWN}> a kg:City , kg:Place ; rdfs:label "Vestby"@en ; skos:prefLabel "Vestby"@en ; skos:altLabel "VESTBY"@en ; kg:wikidata wd:Q77 ;
    wgs:lat 59.5 ; wgs:long 10.7 ; kg:geonames "3131067" ; kg:partOf <{BASE}country/norway.no> .
  <{MAYOR}> a kg:Person , kg:Actor ; rdfs:label "Ilda Fenwick"@en .
  <{UNNAMED}> a kg:Group , kg:Actor ; rdfs:label "reporters"@en .
  <{BASE}country/norway.no> a kg:Country , kg:Place ; rdfs:label "Norway"@en .
}}
<{BASE}graph/events> {{
  <{EVENT}> a kg:Event , kg:Seizure , kg:Control ; kg:evidencedBy <{NEW}/event/31-37-Seizure> ;
    kg:place <{TOWN}> ; kg:time <{NEW}/time/40-46> .
}}
<{BASE}graph/identity> {{
  <{BASE}judgement/0123456789abcdef> a kg:Judgement ; kg:judges <{TOWN}> ; kg:comparedWith <{BASE}city/vestby.se> ;
    kg:verdict kg:VerdictRejected ; kg:decidedBy "an editor" ; kg:decidedOn "2031-06-01"^^xsd:date ; kg:evidence "another country" .
}}
<{BASE}graph/dataset> {{
  <{ARTICLE}> kg:currentVersion <{NEW}> .
  <{OLD}> kg:supersededBy <{NEW}> .
  <{NEW}> prov:wasRevisionOf <{OLD}> .
  <{BASE}article/brook-8> kg:currentVersion <{OTHER}> .
  <{BASE}dataset> a void:Dataset ; void:documents 2 .
}}
"""


def path_of(iri: str) -> str:
    """Return where an IRI answers."""
    return "/id/" + iri.removeprefix(BASE)


def live_store(path: Path) -> Store:
    """Return the live store of a new store folder, published once."""
    live = Store(str(path / "oxigraph"))
    live.load(TRIG.encode(), format=RdfFormat.TRIG)
    publish(live, path)
    return live


def application(path: Path, dumps: Path) -> Flask:
    """Return an application with the pages, the dumps and the ontology over a store folder."""
    app = Flask("server")
    reader = Newest(path)
    app.register_blueprint(pages_blueprint(reader))
    app.register_blueprint(dumps_blueprint(reader, dumps))
    app.register_blueprint(schema_blueprint())
    register_errors(app)
    return app
