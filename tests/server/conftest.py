"""Fixtures of the tests of the server: an address that counts who asks it, and an application over a small graph of linked data."""

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask.testing import FlaskClient
from linked_sample import application, live_store


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[int]]]:
    """An address on loopback, and a list that grows by one with each connection to it."""
    calls: list[int] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(100)
        Thread(target=_count, args=(server, calls), daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", calls


def _count(server: socket.socket, calls: list[int]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        calls.append(1)
        connection.close()


@pytest.fixture(scope="session")
def linked_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of tests/linked_sample.py; read it, do not write it."""
    path = tmp_path_factory.mktemp("linked")
    live_store(path)
    return path


@pytest.fixture(scope="session")
def linked_client(linked_store: Path) -> FlaskClient:
    return application(linked_store, linked_store / "dumps").test_client()
