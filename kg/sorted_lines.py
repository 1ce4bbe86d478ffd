"""A table held as one block of sorted lines "key<TAB>rest" and searched in place: nothing is parsed until it is asked for."""

import gzip
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

_LEVEL = 9


class SortedLines:
    """Lines sorted by the bytes of their keys; keys hold no tab, no line holds a newline."""

    def __init__(self, block: bytes) -> None:
        self.block = block

    def find(self, key: str) -> str | None:
        """Return what follows a key on its line, None where no line has it."""
        wanted, block = key.encode(), self.block
        low, high = 0, len(block)
        while low < high:
            middle = (low + high) // 2
            start = block.rfind(b"\n", low, middle) + 1 or low
            end = block.find(b"\n", middle)
            found = block[start : block.index(b"\t", start)]
            if found == wanted:
                return block[start + len(wanted) + 1 : end].decode()
            if found < wanted:
                low = end + 1
            else:
                high = start
        return None

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield every key with what follows it."""
        for line in BytesIO(self.block):
            key, _, rest = line.decode().rstrip("\n").partition("\t")
            yield key, rest


def read_sorted_lines(path: Path) -> SortedLines:
    """Read a file that `write_sorted_lines` wrote."""
    return SortedLines(gzip.decompress(path.read_bytes()))


def write_sorted_lines(path: Path, lines: Iterable[tuple[str, str]]) -> bytes:
    """Write lines sorted by key, compressed, the same bytes for the same lines; return them uncompressed."""
    block = b"".join(sorted(f"{key}\t{rest}\n".encode() for key, rest in lines))
    path.write_bytes(gzip.compress(block, _LEVEL, mtime=0))
    return block
