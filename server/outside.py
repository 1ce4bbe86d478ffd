r"""Keeps what a text asks for inside: no SERVICE and no LOAD reaches Oxigraph but those to allowed addresses.

Oxigraph has no switch for the two. Finding the keywords is not enough, since its parser reads some texts otherwise than
any tokenizer does: in `FILTER(1<'>')SERVICE<…>{}#'` it sees a string and a call, the SPARQL standard an IRI and a string.
So a text is written anew: every "service" and "load" in its strings, IRIs, comments and names is spelt in another way of
the same meaning (`\u0073ervice`). A keyword whose letters are not there cannot be read, whatever the reading.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from server.tokens import Token, decoded, tokens, written_out

_WORDS = re.compile("service|load", re.IGNORECASE | re.ASCII)
_AHEAD = 20  # tokens, within which a keyword has what belongs to it
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class AsksOutside(ValueError):
    """A text asks the server for a request to an address that is not allowed."""


def kept_inside(text: str, allowed: Iterable[str] = ()) -> str:
    r"""Return a text that means the same, in which nothing can be read as SERVICE or LOAD but towards `allowed` beginnings of IRIs.

    AsksOutside names what is not allowed. ValueError names a prefixed name that has to be written as a whole IRI.

    >>> kept_inside("ASK { ?service ?p 'no SERVICE' }")
    "ASK { ?service ?p 'no \\u0053ERVICE' }"
    """
    if not _WORDS.search(text):
        return text
    found, beginnings = list(tokens(text)), tuple(allowed)
    taken = {token.text.partition(":")[0] if token.kind == "name" else token.text for token in found}
    declared: dict[str, str] = {}
    written: list[str] = []
    left = number = 0
    while number < len(found):
        token = found[number]
        piece, used = token.text, 1
        if token.is_word("PREFIX"):
            piece, used = _declaration(found[number : number + _AHEAD], declared, taken)
        elif _WORDS.search(token.text):
            if token.kind in ("word", "language") or _is_unknown_prefix(token, declared):
                piece, used = _call(found[number : number + _AHEAD], declared, beginnings)
                left += 1
            elif token.kind == "variable":
                left += len(_WORDS.findall(piece))
            else:
                piece = _spelt_otherwise(token, declared, taken)
        written.append(piece)
        number += used
    result = "".join(written)
    if len(_WORDS.findall(result)) != left:  # two harmless pieces make one of the words where they meet
        raise AsksOutside("SERVICE or LOAD cannot be told from what stands beside it; put spaces between names")
    return result


def _call(found: list[Token], declared: dict[str, str], allowed: tuple[str, ...]) -> tuple[str, int]:
    """Return an allowed SERVICE or LOAD with its target, in the plainest spelling, and how many tokens it was."""
    rest = [(number, token) for number, token in enumerate(found) if token.kind not in ("space", "comment")]
    keyword = rest.pop(0)[1]
    silent = bool(rest) and rest[0][1].is_word("SILENT")
    at, target = rest[silent] if len(rest) > silent else (0, keyword)
    iri = written_out(target, declared) if keyword.is_word("SERVICE", "LOAD") and target is not keyword else None
    name = next(iter(_WORDS.findall(keyword.text))).upper()
    if iri is None or not any(_begins_with(iri, beginning) for beginning in allowed):
        whom = f" to {iri[:200]}" if iri else ""
        raise AsksOutside(f"{name}{whom} is refused: this endpoint makes no requests of its own")
    return f"{name} {'SILENT ' * silent}<{_escaped(iri)}>", at + 1


def _begins_with(iri: str, allowed: str) -> bool:
    """Return whether an address lies at or below an allowed one: the same scheme, host and port, and a path that begins alike."""
    plain = decoded(iri)
    wanted, given = urlsplit(allowed), urlsplit(plain)
    is_there = (given.scheme, given.netloc) == (wanted.scheme, wanted.netloc) and plain.startswith(allowed)
    return is_there and not {".", ".."} & set(unquote(given.path).split("/"))


def _declaration(found: list[Token], declared: dict[str, str], taken: set[str]) -> tuple[str, int]:
    """Note what PREFIX declares; return the text up to the prefix, which gets a name without the words, and how many tokens that is."""
    rest = [(number, token) for number, token in enumerate(found) if token.kind not in ("space", "comment")]
    if len(rest) < 3 or rest[1][1].kind != "name" or not rest[1][1].text.endswith(":") or rest[2][1].kind != "iri":
        return found[0].text, 1
    (at, name), iri = rest[1], rest[2][1]
    declared[name.text[:-1]] = iri.text[1:-1]
    between = "".join(_escaped(token.text) for token in found[1:at])
    return found[0].text + between + _renamed(name.text[:-1], taken) + ":", at + 1


def _is_unknown_prefix(token: Token, declared: dict[str, str]) -> bool:
    prefix = token.text.partition(":")[0]
    return token.kind == "name" and prefix not in declared and bool(_WORDS.search(prefix))


def _spelt_otherwise(token: Token, declared: dict[str, str], taken: set[str]) -> str:
    if token.kind == "blank":
        return _renamed(token.text, taken)
    if token.kind != "name":
        return _escaped(token.text)
    iri = written_out(token, declared)
    if iri is None:
        return _escaped(token.text)  # its prefix is not declared: Oxigraph says so, and where
    if not _SCHEME.match(iri):
        raise ValueError(f"{token.text} has a prefix whose IRI is relative; write {token.text} as a whole IRI")
    return f"<{_escaped(iri)}>"


def _escaped(text: str) -> str:
    return _WORDS.sub(lambda found: f"\\u{ord(found[0][0]):04X}{found[0][1:]}", text)


def _renamed(name: str, taken: set[str]) -> str:
    """Return a name without the words that no other thing has, the same for the same name."""
    new = _WORDS.sub(lambda found: f"{found[0][0]}w{found[0][1:]}", name)
    while new != name and new in taken:
        new += "w"
    return new
