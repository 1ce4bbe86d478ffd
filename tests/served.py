"""Servers of a store on loopback, as processes of their own: `kg serve`, and the native `oxigraph` on the same generation.

What a server holds (processes, threads, descriptors, memory) is read from /proc, so that tests can tell what it leaves behind.
"""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

from kg.generations import current_number, generation_path

_BINARIES = Path(sys.executable).parent
_STARTS_WITHIN = 60  # seconds, on a machine that does other things too
Parameters = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was received whole; a broken transfer is an http.client.IncompleteRead instead."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True, slots=True)
class Held:
    """What the processes of a server hold; memory counts pages that several share once."""

    processes: int
    threads: int
    descriptors: int
    megabytes: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers SPARQL queries at `path`."""

    port: int
    path: str
    process: subprocess.Popen[bytes]

    def get(self, parameters: Parameters, accept: str = "*/*", timeout: float = 60, **headers: str) -> Answer:
        """Send a query by GET and read the answer."""
        return self.send(
            "GET",
            f"{self.path}?{urlencode(parameters, doseq=True, quote_via=quote)}",
            headers={"Accept": accept, **headers},
            timeout=timeout,
        )

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


def settled(server: Server, most: Held, seconds: float = 15.0) -> Held:
    """Wait until a server holds at most so many processes, threads and descriptors; return what it holds then, or in the end."""
    until = time.monotonic() + seconds
    while True:
        held = server.held()
        is_back = held.processes <= most.processes and held.threads <= most.threads and held.descriptors <= most.descriptors
        if is_back or time.monotonic() > until:
            return held
        time.sleep(0.1)


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
        yield Server(port, path, process)
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
