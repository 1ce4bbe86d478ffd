"""What bounds a query and a request: every limit of the endpoint, with what it is for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one server; `kg serve --help` and the service description state them.

    A query that ends within `slow_after` holds one of `readers` processes. One that goes on, or whose answer is large, goes
    on in one of `slow_readers` more, so that long queries never stand before short ones.
    """

    deadline_seconds: float = 30.0  # of a query or update, until the last byte of its answer was made
    most_rows: int = 1_000_000  # of an answer: solutions or triples
    most_bytes: int = 256_000_000  # of an answer, before compression
    most_body: int = 1_000_000  # bytes of a request
    readers: int = 4  # processes for queries that are soon done
    slow_readers: int = 4  # processes for queries that are not
    waiting: int = 64  # requests that may wait for a reader; one more is told to come back (429)
    memory_megabytes: int = 1_024  # that one query may take
    loaded_megabytes: int = 256  # a generation up to this size on disk is read into memory, which answers faster
    slow_after: float = 0.5  # seconds
    wait_seconds: float = 10.0  # for a reader, before a request is told to come back (429)
