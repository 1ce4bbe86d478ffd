# Makes a graph what a request sent, in one transaction; the server puts in the graph and its triples.
DROP SILENT GRAPH $graph ;
CREATE SILENT GRAPH $graph ;
INSERT DATA { GRAPH $graph {
$triples
} }
