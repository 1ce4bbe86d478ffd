"""Counts the solutions in results as they are written, so that rows can be bounded and logged without reading them in Python."""

from collections.abc import Callable

from pyoxigraph import QueryResultsFormat


def rows_in(form: QueryResultsFormat) -> Callable[[bytes], int]:
    """Return what counts the solutions that begin or end in each further piece of a result in a format.

    A solution without any binding is not counted in JSON.
    """
    return _COUNTERS[form.name]()


def _rows_of_json() -> Callable[[bytes], int]:
    """Count solutions of JSON results as they are written: no string can hold `{"`, since its quote would be escaped."""
    return _markers(b'},{"', b'"bindings":[{"')


def _rows_of_xml() -> Callable[[bytes], int]:
    return _markers(b"<result>")


def _markers(*markers: bytes) -> Callable[[bytes], int]:
    overlap = max(map(len, markers)) - 1
    tail = b""

    def count(data: bytes) -> int:
        nonlocal tail
        found = 0
        for marker in markers:
            carried = tail[-(len(marker) - 1) :]
            found += (carried + data[: len(marker) - 1]).count(marker) + data.count(marker)
        tail = (tail + data)[-overlap:]
        return found

    return count


def _rows_of_tsv() -> Callable[[bytes], int]:
    """Count lines but the first: TSV escapes the line ends of values."""
    head = 1

    def count(data: bytes) -> int:
        nonlocal head
        lines = data.count(b"\n")
        counted = max(lines - head, 0)
        head = max(head - lines, 0)
        return counted

    return count


def _rows_of_csv() -> Callable[[bytes], int]:
    """Count lines that end outside quotes; a doubled quote inside a value leaves and enters it again."""
    lines, quoted = _rows_of_tsv(), False

    def count(data: bytes) -> int:
        nonlocal quoted
        outside = bytearray()
        for number, part in enumerate(data.split(b'"')):
            if number:
                quoted = not quoted
            if not quoted:
                outside += part
        return lines(bytes(outside))

    return count


_COUNTERS: dict[str, Callable[[], Callable[[bytes], int]]] = {
    QueryResultsFormat.JSON.name: _rows_of_json,
    QueryResultsFormat.XML.name: _rows_of_xml,
    QueryResultsFormat.CSV.name: _rows_of_csv,
    QueryResultsFormat.TSV.name: _rows_of_tsv,
}
