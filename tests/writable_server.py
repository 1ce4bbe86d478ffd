"""A server that may be written to, on loopback, for the tests of the protocols; and requests to it, byte by byte."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from threading import Thread

from server import create_app
from server.app import Setup
from server.connections import server_of
from server.limits import Limits

LIMITS = Limits(deadline_seconds=10.0, wait_seconds=5.0)


@dataclass(frozen=True)
class Answer:
    """An HTTP response."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get_content_type()


@dataclass(frozen=True)
class Served:
    """A server's port, and the folder of its store."""

    port: int
    path: Path

    def send(self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, target, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def update(self, text: str, **headers: str) -> Answer:
        return self.send("POST", "/sparql", text.encode(), {"Content-Type": "application/sparql-update", **headers})

    def ask(self, text: str) -> bool:
        answer = self.send(
            "POST", "/sparql", text.encode(), {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
        )
        assert answer.status == 200, answer.body
        return b"true" in answer.body

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(path: Path, *, token: str | None = None, limits: Limits = LIMITS, writable: bool = True) -> Iterator[Served]:
    """Serve a store folder, made if it is not there, until the end of the block."""
    server = server_of(create_app(path, limits, Setup(writable=writable, token=token)), "127.0.0.1", 0)
    running = Thread(target=server.run, daemon=True)
    running.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Served(server.servers[0].sockets[0].getsockname()[1], path)
    finally:
        server.should_exit = True
        running.join()


@contextmanager
def kg_serve(path: Path, *flags: str) -> Iterator[Served]:
    """Run `kg serve` over a store folder, as a process of its own, until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("kg")), "serve", "--store", str(path), "--port", str(port), *flags]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _answering(Served(port, path))
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answering(served: Served) -> Served:
    for _ in range(300):
        try:
            served.send("GET", "/healthz")
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return served
    raise TimeoutError(f"{served.address} did not answer within thirty seconds")
