"""The loop of a reader process: takes a query from its socket, evaluates it, writes the answer back in frames.

pyoxigraph cannot cancel a query, so each runs in a process that ends with it if need be: at the deadline the kernel ends
the process (SIGALRM, which is left at its default action), beyond the memory limit the allocator aborts it. The front
sees the end of the stream without an end frame and knows that the answer is not whole.

A frame is one byte for its kind, four for its length, and its bytes. A small answer is one frame: its head (form, encoding),
its end (rows, bytes) and its data. A large one is a head, data as often as need be, and an end. A fault (JSON) says why
there is no answer.
"""

import resource
import signal
import socket
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import takewhile
from typing import IO, Literal, Protocol, cast

import msgspec
import zstandard
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QueryTriples, RdfFormat, Store, Triple, serialize

from server.row_counts import rows_in

FRAME = struct.Struct("!cI")
WHOLE, START, DATA, END, FAULT = b"W", b"S", b"D", b"E", b"F"
HEAD = struct.Struct("!BB")  # of a frame START, and the first of a frame WHOLE: places in FORMS and ENCODINGS
FOOT = struct.Struct("!QQd")  # of a frame END, and the second of a frame WHOLE: rows, bytes, and CPU seconds since the process began
_RECEIVED_AT_ONCE = 65_536  # bytes
_HELD = 65_536  # bytes; an answer that ends before is sent at once, and the frames of a longer one are this long
_NOT_COMPRESSED = 1_400  # bytes: below one network packet, compression gains nothing

Form = Literal["select", "ask", "graph"]
Encoding = Literal["gzip", "zstd"]
FORMS: tuple[Form, ...] = ("select", "ask", "graph")
ENCODINGS: tuple[Encoding | None, ...] = (None, "gzip", "zstd")
FaultKind = Literal["syntax", "query", "not acceptable", "rows", "bytes"]


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A query as the front hands it to a reader.

    `base` is what relative IRIs are resolved against; `default_graphs` None means the union; formats are media types that
    Oxigraph knows, None where the client takes none.
    """

    text: str
    base: str
    solutions: str | None
    graph: str | None
    default_graphs: list[str] | None
    named_graphs: list[str] | None
    encoding: Encoding | None
    seconds: float
    most_rows: int
    most_bytes: int
    prefixes: dict[str, str]

    def frame(self) -> bytes:
        """Return the request as it goes over the socket."""
        return _frame(START, _ENCODER.encode(self))


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """Why there is no (further) answer; `cpu` are the CPU seconds that the process has taken since it began."""

    kind: FaultKind
    detail: str
    form: Form
    cpu: float


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Asked)


class TooMuch(Exception):
    """The answer is larger than the server gives."""

    def __init__(self, kind: FaultKind, most: int) -> None:
        super().__init__(f"{most:,}")
        self.kind: FaultKind = kind


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def serve_queries(store: Store, connection: socket.socket, memory: int) -> None:
    """Answer queries until the front closes the connection; `memory` in bytes is what they may take beyond what is taken now."""
    bound_memory(memory)
    # A query ends the process when its time is over: a Python handler would only run once Oxigraph gives control back.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for asked in _requests(connection):
        signal.setitimer(signal.ITIMER_REAL, asked.seconds)
        try:
            _answer(store, asked, connection)
        except BrokenPipeError:
            return  # the client went away
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def bound_memory(extra: int) -> None:
    """Let this process take `extra` bytes more than it holds now."""
    most = held_memory() + extra
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def held_memory() -> int:
    """Return the bytes that this process holds and may write to: Linux bounds no others."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - a reader imports as little as it can
        return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmData")), 0)


def _requests(connection: socket.socket) -> Iterator[Asked]:
    """Yield what the front asks, until it closes the connection."""
    received = bytearray()
    while part := connection.recv(_RECEIVED_AT_ONCE):
        received += part
        if len(received) >= FRAME.size and len(received) == FRAME.size + FRAME.unpack_from(received)[1]:
            yield _DECODER.decode(memoryview(received)[FRAME.size :])
            received = bytearray()


def _answer(store: Store, asked: Asked, connection: socket.socket) -> None:
    sink = _Sink(connection, asked)
    try:
        _write(store, asked, sink)
        sink.end()
    except SyntaxError as error:
        sink.fault("syntax", str(error))
    except TooMuch as error:
        sink.fault(error.kind, str(error))
    except (ValueError, RuntimeError) as error:  # Oxigraph raises the second where a SERVICE fails or a graph name is none
        sink.fault("query", str(error))
    except OSError as error:
        if error.errno is not None:  # of the connection
            raise
        sink.fault("query", str(error))  # of a format that cannot say what is in the answer: JSON-LD has no triple terms


def _write(store: Store, asked: Asked, sink: "_Sink") -> None:
    answer = store.query(
        asked.text,
        base_iri=asked.base,
        default_graph=None if asked.default_graphs is None else [NamedNode(iri) for iri in asked.default_graphs],
        named_graphs=None if asked.named_graphs is None else [NamedNode(iri) for iri in asked.named_graphs],
    )
    if isinstance(answer, QueryTriples):
        sink.form = "graph"
        form = _graph_format(asked.graph) if asked.graph else None
        if form is None:
            return sink.fault("not acceptable", "graph")
        serialize(sink.counted(answer), cast(IO[bytes], sink), form, prefixes=asked.prefixes)
        return None
    sink.form = "ask" if isinstance(answer, QueryBoolean) else "select"
    table = _table_format(asked.solutions) if asked.solutions else None
    if table is None:
        return sink.fault("not acceptable", "solutions")
    if sink.form == "select":
        sink.count = rows_in(table)
    answer.serialize(cast(IO[bytes], sink), table)
    return None


_graph_format, _table_format = cache(RdfFormat.from_media_type), cache(QueryResultsFormat.from_media_type)
_COMPRESSORS: dict[str, Callable[[], _Compressor]] = {
    "gzip": lambda: zlib.compressobj(level=5, wbits=31),  # 31: with the header and trailer of a gzip file
    "zstd": lambda: zstandard.ZstdCompressor(level=3).compressobj(),
}


class _Sink:
    """A file that Oxigraph writes to: holds what comes first, bounds it, compresses it, sends it in frames."""

    def __init__(self, connection: socket.socket, asked: Asked) -> None:
        self.form: Form = "select"
        self.count: Callable[[bytes], int] | None = None
        self._connection, self._asked = connection, asked
        self._buffer = bytearray()
        self._compressor: _Compressor | None = None
        self._encoding: Encoding | None = None
        self._head_sent = self._ended = False
        self._rows = self._bytes = 0

    def write(self, data: bytes) -> int:
        """Take bytes of the answer; TooMuch where it grows beyond what the server gives."""
        self._buffer += data
        if len(self._buffer) >= _HELD:
            self._send(last=False)
        return len(data)

    def flush(self) -> None:
        """Oxigraph flushes at the end, when `end` sends what is left."""

    def counted(self, triples: QueryTriples) -> Iterator[Triple]:
        """Yield the triples, counting them."""
        for triple in triples:
            self._rows += 1
            if self._rows > self._asked.most_rows:
                raise TooMuch("rows", self._asked.most_rows)
            yield triple

    def end(self) -> None:
        """Send what is left, and that it is all."""
        if not self._ended:
            self._send(last=True)

    def fault(self, kind: FaultKind, detail: str) -> None:
        """Say why there is no (further) answer."""
        self._ended = True
        self._connection.sendall(_frame(FAULT, _ENCODER.encode(Fault(kind, detail, self.form, _cpu()))))

    def _send(self, *, last: bool) -> None:
        data, self._buffer = bytes(self._buffer), bytearray()
        self._bytes += len(data)
        if self.count:
            self._rows += self.count(data)
        if self._rows > self._asked.most_rows:
            raise TooMuch("rows", self._asked.most_rows)
        if self._bytes > self._asked.most_bytes:
            raise TooMuch("bytes", self._asked.most_bytes)
        is_first, self._head_sent = not self._head_sent, True
        if is_first:
            if self.form == "graph":
                data = with_sorted_prefixes(data)
            if self._asked.encoding and len(data) >= _NOT_COMPRESSED:
                self._encoding = self._asked.encoding
                self._compressor = _COMPRESSORS[self._encoding]()
        if self._compressor:
            data = self._compressor.compress(data) + (self._compressor.flush() if last else b"")
        head = HEAD.pack(FORMS.index(self.form), ENCODINGS.index(self._encoding)) if is_first else b""
        foot = FOOT.pack(self._rows, self._bytes, _cpu()) if last else b""
        if head and foot:
            out = _frame(WHOLE, head + foot + data)
        else:
            out = (_frame(START, head) if head else b"") + (_frame(DATA, data) if data else b"") + (_frame(END, foot) if foot else b"")
        self._connection.sendall(out)


def with_sorted_prefixes(data: bytes) -> bytes:
    """Sort the lines that begin a Turtle or TriG answer, its base and its prefixes: Oxigraph writes them in an order of chance.

    >>> with_sorted_prefixes(b"@prefix b: <b> .\\n@prefix a: <a> .\\na:x b:y 1 .\\n").decode().splitlines()
    ['@prefix a: <a> .', '@prefix b: <b> .', 'a:x b:y 1 .']
    """
    lines = data.splitlines(keepends=True)
    declared = list(takewhile(lambda line: line.startswith(b"@"), lines))
    return b"".join((*sorted(declared), *lines[len(declared) :])) if declared else data


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _frame(kind: bytes, content: bytes) -> bytes:
    return FRAME.pack(kind, len(content)) + content
