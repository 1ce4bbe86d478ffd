# Makes the default graph what a request sent, in one transaction; the server puts in its triples.
CLEAR SILENT DEFAULT ;
INSERT DATA {
$triples
}
