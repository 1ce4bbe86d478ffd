"""Reads articles: plain text, HTML pages, JSON lines, folders of them, standard input.

What cannot be read becomes a Failure with its place and a remedy, and reading goes on. Texts are never normalised and
newlines never translated; a byte order mark is no part of the text. Files of JSON lines are streamed and may have any
size. The same article twice is given twice: the store takes it as one.
"""

import fnmatch
import gzip
import io
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kg.article_html import read_page
from kg.article_row import BadArticle, make_article
from kg.article_text import decode, split_front_matter
from kg.lexicon import read_table
from kg.limits import limit
from kg.records import Article, Failure

_STANDARD_INPUT = "-"
_BYTES_PER_CHARACTER = 4
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A row of data/lexicon/passed_over_files.csv: files that lie beside articles in a folder and are none."""

    id: str
    pattern: str
    example: str
    counterexample: str
    note: str


def read_articles(inputs: Iterable[str | Path], *, stdin: BinaryIO | None = None) -> Iterator[Article | Failure]:
    """Yield the articles of files and folders in order, and a Failure for each that cannot be read.

    `.txt` is one article, with YAML front matter before it or without; `.html` and `.htm` one page; `.jsonl` and
    `.jsonl.gz` an article a line; a folder all of these in it, sorted by path. `-` is standard input: JSON lines, or one
    plain text if its first non-blank character is no `{`.
    """
    for given in inputs:
        if str(given) == _STANDARD_INPUT:
            yield from _read_standard_input(stdin or sys.stdin.buffer)
        else:
            for found in _files(Path(given)):
                yield from [found] if isinstance(found, Failure) else _read_file(found)


def _files(path: Path) -> Iterator[Path | Failure]:
    """Yield a file, or the files of a folder, sorted by path."""
    if not _is_folder(path):
        yield path
        return
    unreadable: list[OSError] = []
    names = [Path(folder, name) for folder, _, names in os.walk(path, onerror=unreadable.append) for name in names]
    for error in sorted(unreadable, key=lambda error: str(error.filename)):
        yield Failure(_printable(error.filename), "read", f"the folder cannot be read ({error.strerror}); check its permissions")
    files = sorted(name for name in names if not _is_passed_over(name.name))
    if not files and not unreadable:
        yield Failure(_printable(path), "read", f"the folder holds no article; articles are files ending in {_KNOWN}")
    yield from files


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what is wrong with it is said where it is opened
        return False


def _is_passed_over(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), row.pattern) for row in read_table("passed_over_files", PassedOver))


def _read_file(path: Path) -> Iterator[Article | Failure]:
    place = _printable(path)
    read = next((reader for suffix, reader in _READERS.items() if path.name.lower().endswith(suffix)), None)
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        yield Failure(place, "read", "there is no such file or folder; check the path")
        return
    except (OSError, ValueError) as error:  # ValueError: the path holds a NUL
        yield Failure(place, "read", f"the file cannot be read ({error}); check its permissions")
        return
    with stream:
        if read is None:
            yield Failure(place, "read", f"unknown file type {path.suffix!r}; give files ending in {_KNOWN}, or '-' for standard input")
        else:
            yield from read(stream, place)


def _read_standard_input(stream: BinaryIO) -> Iterator[Article | Failure]:
    buffered = io.BufferedReader(stream)  # type: ignore[type-var]  # whatever is binary has readinto
    try:
        blank = b""
        while (ahead := buffered.peek()) and not ahead.removeprefix(_BYTE_ORDER_MARK).strip():
            blank += buffered.read(len(ahead))
        if ahead.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"{"):
            yield from _read_lines(buffered, "<stdin>", blank.count(b"\n"))
        else:
            yield _article("<stdin>", lambda: split_front_matter(decode(blank + _bytes(buffered, _text_bytes()))))
    finally:
        buffered.detach()  # or collecting it would close standard input


def _read_text(stream: BinaryIO, place: str) -> Iterator[Article | Failure]:
    yield _article(place, lambda: split_front_matter(decode(_bytes(stream, _text_bytes()))))


def _read_html(stream: BinaryIO, place: str) -> Iterator[Article | Failure]:
    yield _article(place, lambda: read_page(_bytes(stream, int(limit("page-most")) + 1)))


def _bytes(stream: BinaryIO | io.BufferedReader, most: int) -> bytes:
    try:
        return stream.read(most)
    except OSError as error:
        raise BadArticle(f"the file breaks off ({error}); check the disk or get it again") from None


def _text_bytes() -> int:
    """Return a number of bytes that is enough for the longest text; reading more would only show it is too long."""
    return _BYTES_PER_CHARACTER * int(limit("text-most") + limit("front-matter-most") + 1)


def _read_gzip(stream: BinaryIO, place: str) -> Iterator[Article | Failure]:
    with gzip.GzipFile(fileobj=stream) as lines:
        yield from _read_lines(lines, place)


def _read_lines(stream: BinaryIO | gzip.GzipFile | io.BufferedReader, place: str, number: int = 0) -> Iterator[Article | Failure]:
    """Yield an article a line; `number` lines were read before."""
    most = int(limit("line-most"))
    is_rest = False  # of a line that is too long
    while True:
        number += not is_rest
        try:
            line = stream.readline(most)
        except (OSError, EOFError, zlib.error) as error:
            yield Failure(
                f"{place}:{number}", "read", f"the file breaks off or is damaged ({error}); what follows was not read: get it again"
            )
            return
        if not line:
            return
        is_whole = line.endswith(b"\n") or len(line) < most
        if is_whole and not is_rest and (row := line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line).strip():
            yield _article(f"{place}:{number}", lambda row=row: _json_row(row))  # type: ignore[misc]
        elif not is_whole and not is_rest:
            yield Failure(f"{place}:{number}", "read", f"the line has {most:,} bytes or more; split the article")
        is_rest = not is_whole


def _json_row(line: bytes) -> Mapping[str, object]:
    """Return the object on a line of JSON; BadArticle if there is none."""
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise BadArticle(f"the line is not UTF-8 (byte 0x{line[error.start]:02x} at column {error.start + 1}); convert the file") from None
    except json.JSONDecodeError as error:
        raise BadArticle(f"the line is not JSON ({error.msg} at column {error.colno}); write one object a line") from None
    except (ValueError, RecursionError) as error:
        raise BadArticle(f"the line is JSON that cannot be read ({str(error) or 'nested too deeply'}); simplify the object") from None
    if not isinstance(row, dict):
        raise BadArticle('the line is JSON but no object; write {"text": "..."} with at least the field text')
    return row


def _article(place: str, row: Callable[[], Mapping[str, object]]) -> Article | Failure:
    try:
        return make_article(row())
    except BadArticle as error:
        return Failure(place, "read", str(error))


def _printable(path: str | Path) -> str:
    """Return a path as text that UTF-8 can hold: file names are bytes."""
    return str(path).encode("utf-8", "backslashreplace").decode()


_READERS: dict[str, Callable[[BinaryIO, str], Iterator[Article | Failure]]] = {
    ".txt": _read_text,
    ".html": _read_html,
    ".htm": _read_html,
    ".jsonl": _read_lines,
    ".jsonl.gz": _read_gzip,
}
_KNOWN = ", ".join(_READERS)
