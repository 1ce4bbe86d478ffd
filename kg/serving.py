"""`kg serve`: the endpoint as a process that can be left alone, with every limit a flag."""

import sys
from pathlib import Path

import click

from kg.options import store_option


@click.command()
@store_option(must_exist=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--deadline", default=30.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Seconds a query may take.")
@click.option("--max-rows", default=1_000_000, show_default=True, type=click.IntRange(1), help="Rows or triples of one answer.")
@click.option("--max-bytes", default=256_000_000, show_default=True, type=click.IntRange(1), help="Bytes of one answer, uncompressed.")
@click.option("--max-body", default=1_000_000, show_default=True, type=click.IntRange(1), help="Bytes of one request.")
@click.option("--readers", default=4, show_default=True, type=click.IntRange(1, 64), help="Short queries that run at once.")
@click.option("--slow-readers", default=4, show_default=True, type=click.IntRange(1, 64), help="Long queries that run beside them.")
@click.option("--waiting", default=64, show_default=True, type=click.IntRange(0, 1000), help="Queries that may wait; one more is told 429.")
@click.option("--memory", default=1_024, show_default=True, type=click.IntRange(16), help="Megabytes that one query may take.")
@click.option(
    "--loaded", default=256, show_default=True, type=click.IntRange(0), help="Megabytes on disk up to which a graph is read into memory."
)
def serve(
    store_path: Path,
    host: str,
    port: int,
    deadline: float,
    max_rows: int,
    max_bytes: int,
    max_body: int,
    readers: int,
    slow_readers: int,
    waiting: int,
    memory: int,
    loaded: int,
) -> None:
    """Serve the published graph over HTTP: SPARQL at /sparql, pages for people at /, reconciliation at /reconcile.

    Each query is logged on standard output as a line of JSON: a hash of its text, its form, milliseconds, rows, bytes,
    status, and why it was ended, if it was.
    """
    import logging

    import waitress

    from server import create_app
    from server.limits import Limits

    limits = Limits(
        deadline_seconds=deadline,
        most_rows=max_rows,
        most_bytes=max_bytes,
        most_body=max_body,
        readers=readers,
        slow_readers=slow_readers,
        waiting=waiting,
        memory_megabytes=memory,
        loaded_megabytes=loaded,
    )
    app = create_app(store_path, limits)
    logging.basicConfig(level=logging.WARNING)
    queries = logging.getLogger("news-kg.queries")
    queries.setLevel(logging.INFO)
    queries.propagate = False
    queries.addHandler(logging.StreamHandler(sys.stdout))  # messages of the server itself go to standard error
    logging.getLogger("waitress").setLevel(logging.CRITICAL)  # it would log each transfer that is broken off on purpose
    click.echo(f"news-kg answers at http://{host}:{port}/ (SPARQL at /sparql); stop it with Ctrl-C", err=True)
    waitress.serve(app, host=host, port=port, threads=readers + slow_readers + waiting + 8, ident="news-kg")
