"""`kg serve`: the endpoint as a process that can be left alone, with every limit a flag."""

import ctypes
import sys
from ipaddress import ip_address
from pathlib import Path

import click

from kg.options import store_option

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of mallopt(3)
_WRITTEN = 64_000_000  # bytes of one request to a writable server: graphs come whole


@click.command()
@store_option(must_exist=False)
@click.option("--writable", is_flag=True, help="Take updates: this server is then the only writer of the store.")
@click.option("--token", envvar="KG_TOKEN", help="What writers must send as Authorization: Bearer TOKEN [or KG_TOKEN].")
@click.option("--no-token", is_flag=True, help="Let everyone write who reaches the server; for a loopback address only.")
@click.option("--allow", "outside", multiple=True, metavar="IRI", help="Beginning of addresses that SERVICE and LOAD may ask; repeatable.")
@click.option("--public-url", metavar="URL", help="Scheme and host by which clients know this server, behind a proxy.")
@click.option("--licence", metavar="IRI", help="Licence of the data, for the service description.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--deadline", default=30.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Seconds a query may take.")
@click.option("--max-rows", default=1_000_000, show_default=True, type=click.IntRange(1), help="Rows or triples of one answer.")
@click.option("--max-bytes", default=256_000_000, show_default=True, type=click.IntRange(1), help="Bytes of one answer, uncompressed.")
@click.option("--max-body", type=click.IntRange(1), help="Bytes of one request.  [default: 1000000; 64000000 with --writable]")
@click.option("--readers", default=4, show_default=True, type=click.IntRange(1, 64), help="Short queries that run at once.")
@click.option("--slow-readers", default=4, show_default=True, type=click.IntRange(1, 64), help="Long queries that run beside them.")
@click.option("--waiting", default=64, show_default=True, type=click.IntRange(0, 1000), help="Queries that may wait; one more is told 429.")
@click.option("--memory", default=1_024, show_default=True, type=click.IntRange(16), help="Megabytes that one query may take.")
@click.option(
    "--loaded", default=256, show_default=True, type=click.IntRange(0), help="Megabytes on disk up to which a graph is read into memory."
)
def serve(
    store_path: Path,
    writable: bool,
    token: str | None,
    no_token: bool,
    outside: tuple[str, ...],
    public_url: str | None,
    licence: str | None,
    host: str,
    port: int,
    deadline: float,
    max_rows: int,
    max_bytes: int,
    max_body: int | None,
    readers: int,
    slow_readers: int,
    waiting: int,
    memory: int,
    loaded: int,
) -> None:
    """Serve the published graph over HTTP: SPARQL at /sparql, pages for people at /, reconciliation at /reconcile.

    A query that runs for 0.5 seconds, or whose answer is large, is a long one: where --slow-readers of them run, the next
    is paused until one ends. Whoever waits for a reader for 10 seconds is told to come back (429).

    Each query and update is logged on standard output as a line of JSON: a hash of its text, its form, milliseconds, rows,
    bytes, status, and why it was ended, if it was.
    """
    import logging

    from kg.opening import open_published
    from server import create_app
    from server.app import Setup
    from server.connections import server_of
    from server.limits import Limits

    _check_writing(host, token, writable=writable, no_token=no_token)
    if not writable:
        open_published(store_path)  # what an interrupted build left unpublished is published first

    limits = Limits(
        deadline_seconds=deadline,
        most_rows=max_rows,
        most_bytes=max_bytes,
        most_body=max_body or (_WRITTEN if writable else Limits().most_body),
        readers=readers,
        slow_readers=slow_readers,
        waiting=waiting,
        memory_megabytes=memory,
        loaded_megabytes=loaded,
    )
    _give_memory_back()
    setup = Setup(writable=writable, token=token if writable else None, outside=outside, public_url=public_url, licence=licence)
    try:
        app = create_app(store_path, limits, setup)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    logging.basicConfig(level=logging.WARNING)
    queries = logging.getLogger("news-kg.queries")
    queries.setLevel(logging.INFO)
    queries.propagate = False
    queries.addHandler(logging.StreamHandler(sys.stdout))  # messages of the server itself go to standard error
    click.echo(f"news-kg answers at http://{host}:{port}/ (SPARQL at /sparql); stop it with Ctrl-C", err=True)
    try:
        server_of(app, host, port).run()
    finally:
        app.close()


def _give_memory_back() -> None:
    """Have glibc return large buffers to the system at once: otherwise it comes to keep some for every thread."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_MMAP_THRESHOLD, 131_072)


def _check_writing(host: str, token: str | None, *, writable: bool, no_token: bool) -> None:
    """Refuse a server that anyone on the network could write to."""
    if not writable:
        if no_token:
            raise click.UsageError("--no-token is for --writable; a server that is not writable takes no updates")
        return
    if not token and not no_token:
        raise click.UsageError("--writable needs --token TOKEN (or KG_TOKEN), or --no-token on a loopback address")
    if token and no_token:
        raise click.UsageError("--token and --no-token were given; give one of them")
    if no_token and not _is_loopback(host):
        raise click.UsageError(f"--no-token with --host {host}: anyone on the network could write; give --token, or listen on 127.0.0.1")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
