"""Servers of a store on loopback: `kg serve` and the native `oxigraph` as processes of their own, an endpoint in a thread of this one.

What a process holds (processes, threads, descriptors, memory) is read from /proc, so that tests can tell what it leaves behind.
"""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO
from urllib.parse import quote, urlencode

from kg.generations import current_number, generation_path
from server import create_app
from server.app import Endpoint, Setup
from server.connections import server_of
from server.limits import Limits

_BINARIES = Path(sys.executable).parent
_STARTS_WITHIN = 60  # seconds, on a machine that does other things too
THREADS = 32  # of a server at rest: those for pages and for nurseries come one by one, as they are needed
LIMITS = Limits(deadline_seconds=10.0, wait_seconds=5.0)
Parameters = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was received whole; a broken transfer is an http.client.IncompleteRead instead."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get_content_type()


@dataclass(frozen=True, slots=True)
class Held:
    """What the processes of a server hold; memory counts pages that several share once."""

    processes: int
    threads: int
    descriptors: int
    megabytes: float


@dataclass(frozen=True)
class Served:
    """A server on a port, which answers SPARQL queries and updates at `path`."""

    port: int
    path: str = "/sparql"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, parameters: Parameters, accept: str = "*/*", timeout: float = 60, method: str = "GET", **headers: str) -> Answer:
        """Send a query in the address and read the answer."""
        target = f"{self.path}?{urlencode(parameters, doseq=True, quote_via=quote)}"
        return self.send(method, target, headers={"Accept": accept, **headers}, timeout=timeout)

    def send(
        self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, timeout: float = 60
    ) -> Answer:
        """Send a request over a connection of its own and read the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, target, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def update(self, text: str, **headers: str) -> Answer:
        return self.send("POST", self.path, text.encode(), {"Content-Type": "application/sparql-update", **headers})

    def ask(self, text: str) -> bool:
        """Ask a question of yes or no by POST."""
        headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
        answer = self.send("POST", self.path, text.encode(), headers)
        assert answer.status == 200, answer.body
        return b"true" in answer.body

    def ask_only(self, query: str) -> socket.socket:
        """Send a query and read nothing; return the connection."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(f"GET {self.path}?query={quote(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        return connection

    def raw(self, data: bytes, *, wait: float = 10) -> bytes:
        """Send bytes; return what comes until the server closes, or is silent."""
        found = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            connection.sendall(data)
            with suppress(TimeoutError):
                while part := connection.recv(65_536):
                    found += part
        return found


@dataclass(frozen=True)
class Server(Served):
    """A server that is a process of its own."""

    process: subprocess.Popen[bytes] = field(kw_only=True)

    def held(self) -> Held:
        """Return what the server and its children hold now."""
        pids = tree(self.process.pid)
        return Held(
            processes=len(pids),
            threads=sum(_entries(pid, "task") for pid in pids),
            descriptors=_entries(self.process.pid, "fd"),
            megabytes=sum(_kilobytes(pid) for pid in pids) / 1000,
        )


def tree(pid: int) -> list[int]:
    """Return the ids of a process and of its children, and theirs."""
    found = [pid]
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended meanwhile
                for child in (task / "children").read_text().split():
                    found += tree(int(child))
    return found


def at_rest(server: Server) -> Held:
    """Return what a server holds once it has answered a query, and has forked the readers that it keeps at hand."""
    assert server.get({"query": "ASK {}"}).status == 200
    held = server.held()
    while True:
        time.sleep(0.5)
        if (later := server.held()).processes == held.processes:
            return later
        held = later


def settled(server: Server, most: Held, seconds: float = 15.0) -> Held:
    """Wait until a server holds at most so many processes, threads and descriptors; return what it holds then, or in the end."""
    until = time.monotonic() + seconds
    while True:
        held = server.held()
        is_back = held.processes <= most.processes and held.threads <= most.threads and held.descriptors <= most.descriptors
        if is_back or time.monotonic() > until:
            return held
        time.sleep(0.1)


@dataclass(frozen=True)
class Threaded(Served):
    """A server in a thread of this process."""

    endpoint: Endpoint = field(kw_only=True)


@contextmanager
def serving(path: Path, *, token: str | None = None, limits: Limits = LIMITS, writable: bool = True) -> Iterator[Served]:
    """Serve a store folder in a thread, writable unless told otherwise, and made if it is not there, until the end of the block."""
    with in_thread(create_app(path, limits, Setup(writable=writable, token=token))) as served:
        yield served


@contextmanager
def in_thread(endpoint: Endpoint) -> Iterator[Threaded]:
    """Run an endpoint in a thread until the end of the block."""
    running = server_of(endpoint, "127.0.0.1", 0)
    thread = Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield Threaded(running.servers[0].sockets[0].getsockname()[1], endpoint=endpoint)
    finally:
        running.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive(), "the server did not stop"


@contextmanager
def kg_serve(store: Path, *flags: str, output: IO[bytes] | None = None) -> Iterator[Server]:
    """Run `kg serve` on a store folder; `output` takes the log of queries and the messages."""
    command = [str(_BINARIES / "kg"), "serve", "--store", str(store), *flags, "--port"]
    yield from _running(command, "{port}", "/sparql", output)


@contextmanager
def oxigraph_serve(store: Path) -> Iterator[Server]:
    """Run the native Oxigraph server on the newest generation of a store folder."""
    folder = generation_path(store, current_number(store) or 0)
    command = [str(_BINARIES / "oxigraph"), "serve-read-only", "--location", str(folder), "--bind"]
    yield from _running(command, "127.0.0.1:{port}", "/query", None)


def _running(command: list[str], address: str, path: str, output: IO[bytes] | None) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    taken = output if output is not None else subprocess.DEVNULL
    process = subprocess.Popen([*command, address.format(port=port)], stdout=taken, stderr=taken)
    try:
        _wait_for(port, process)
        yield Server(port, path, process=process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"{process.args!r} did not answer within {_STARTS_WITHIN} seconds (exit code {process.poll()})")


def _entries(pid: int, folder: str) -> int:
    with suppress(FileNotFoundError, ProcessLookupError):
        return sum(1 for _ in Path(f"/proc/{pid}/{folder}").iterdir())
    return 0


def _kilobytes(pid: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0
