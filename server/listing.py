"""Long lists in pages: which part of a list a request asks for, and the links to the parts before and after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, NotFound

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """One part of a list: `first` and `last` count from 1; addresses are empty where there is nothing before or after."""

    name: str
    items: tuple[Item, ...]
    total: int
    first: int
    before: str
    after: str

    @property
    def last(self) -> int:
        """The number of the last item shown."""
        return self.first + len(self.items) - 1


def part_of(name: str, nodes: Sequence[str], read: Callable[[str], Item], *, arguments: "MultiDict[str, str]", most: int) -> Listing[Item]:
    """Return the part of a list that the request's parameter of that name asks for, reading only what is shown.

    BadRequest for a value that is no number from 1, NotFound beyond the end.
    """
    page = page_number(name, arguments)
    if page > max(1, -(-len(nodes) // most)):
        raise NotFound(f"{name}={page}: the list has {-(-len(nodes) // most)} parts")
    start = (page - 1) * most
    return Listing(
        name=name,
        items=tuple(read(node) for node in nodes[start : start + most]),
        total=len(nodes),
        first=start + 1,
        before=_address(name, page - 1, arguments) if page > 1 else "",
        after=_address(name, page + 1, arguments) if start + most < len(nodes) else "",
    )


def page_number(name: str, arguments: "MultiDict[str, str]") -> int:
    """Return the number of the part asked for, 1 where nothing is said."""
    text = arguments.get(name, "1")
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text)):
        raise BadRequest(f"{name} is {text[:40]!r}; send a number from 1")
    return int(text)


def address_with(arguments: "MultiDict[str, str]", **changed: str) -> str:
    """Return the query of the same page with some parameters changed; an empty value takes one away."""
    kept = [(key, value) for key, value in arguments.items(multi=True) if key not in changed]
    return "?" + urlencode([*kept, *((key, value) for key, value in changed.items() if value)])


def _address(name: str, page: int, arguments: "MultiDict[str, str]") -> str:
    return f"{address_with(arguments, **{name: str(page) if page > 1 else ''})}#{name}"
