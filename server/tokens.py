"""The tokens of SPARQL text (1.1 and 1.2, queries and updates), and what can be told from them without parsing.

Oxigraph offers no parse tree, so what a text asks for is read from its tokens. Oxigraph's own parser has no tokens: it
knows keywords without regard to where a word begins or ends (`trueSERVICE<…>` is a literal and a call), takes `<` for
an IRI or for "less than" by what stands before it, and reads a thing another way where its first reading fails. So tokens
tell what an honest text asks for; what holds for every text is written by server.outside.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# PN_CHARS_BASE and so on: the productions of https://www.w3.org/TR/sparql11-query/#sparqlGrammar
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START = _BASE + "_"
_CHARS = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040" + r"\-"
_CODE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE = rf"""\\[tbnrf"'\\]|{_CODE}"""
_IN_LOCAL = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:(?:[{_START}:0-9]|{_IN_LOCAL})(?:(?:[{_CHARS}.:]|{_IN_LOCAL})*(?:[{_CHARS}:]|{_IN_LOCAL}))?)?"
_PREFIX = rf"(?:[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?)?"

# A run of letters is a prefix or, where no colon follows, one or more words: matched once for both, so that no text takes long.
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_CODE})*>)
    | (?P<string>'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*''' | \"""(?:"{{0,2}}(?:[^"\\]|{_ESCAPE}))*\"""
      | '(?:[^'\\\r\n]|{_ESCAPE})*' | "(?:[^"\\\r\n]|{_ESCAPE})*")
    | (?P<variable>[?$][{_START}0-9][{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*)
    | (?P<blank>_:[{_START}0-9](?:[{_CHARS}.]*[{_CHARS}])?)
    | (?P<name>{_PREFIX}:{_LOCAL})
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<words>[{_START}][{_CHARS}.]*)
    | (?P<sign>\^\^|&&|\|\||[<>!]=|<<\(|\)>>|<<|>>|\{{\||\|\}}|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(rf"[{_START}0-9]+|.", re.DOTALL)
_QUIET = frozenset({"space", "comment"})
_UNREPEATABLE = re.compile("now|rand|uuid|bnode", re.IGNORECASE | re.ASCII)
_CODES = re.compile(_CODE)
# Each operation of an update begins with one of these, after its prologue; those of the first kind may have a WHERE.
_WITH_WHERE = ("DELETE", "INSERT", "WITH")
_WITHOUT_WHERE = ("ADD", "CLEAR", "COPY", "CREATE", "DROP", "LOAD", "MOVE")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of SPARQL text.

    Kinds: space, comment, iri, string, variable, blank (node), name (prefixed), language, number, word (keyword), sign.
    """

    kind: str
    text: str
    start: int

    def is_word(self, *words: str) -> bool:
        """Return whether this is one of the keywords, which are given in capitals."""
        return self.kind == "word" and self.text.upper() in words


def tokens(text: str) -> Iterator[Token]:
    """Yield all tokens, spaces and comments too: their texts, joined, are the text. Any text has tokens.

    >>> [(token.kind, token.text) for token in tokens("ASK{?s a:b'#'}#c") if token.kind != "sign"]
    [('word', 'ASK'), ('variable', '?s'), ('space', ' '), ('name', 'a:b'), ('string', "'#'"), ('comment', '#c')]
    """
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind != "words":
            yield Token(kind, found[0], found.start())
            continue
        for part in _WORD.finditer(found[0]):
            yield Token("sign" if part[0] in ".-" else "word", part[0], found.start() + part.start())


def decoded(iri: str) -> str:
    r"""Return an IRI without its numeric escapes; ValueError where one names no character.

    >>> decoded(r"http://\u0061.example/")
    'http://a.example/'
    """
    plain = _CODES.sub(lambda found: chr(int(found[0][2:], 16)), iri)
    if any("\ud800" <= character <= "\udfff" for character in plain):
        raise ValueError(f"{iri!r} holds half a character")
    return plain


def written_out(token: Token, declared: dict[str, str]) -> str | None:
    """Return the IRI that a token names, with its numeric escapes; None where it names none, or its prefix is not declared."""
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    if token.kind != "name" or prefix not in declared:
        return None
    return declared[prefix] + re.sub(r"\\(.)", r"\1", local)


def is_repeatable(text: str) -> bool:
    """Return whether the same text gives the same answer again: it calls neither the clock nor chance, and names no new nodes.

    >>> is_repeatable("SELECT ?now { ?now a <http://a.example/NOW> }"), is_repeatable("SELECT (now() AS ?n) {}")
    (True, False)
    """
    if not _UNREPEATABLE.search(text):  # nearly always: saves reading the tokens
        return True
    return not any(token.kind == "word" and _UNREPEATABLE.search(token.text) for token in tokens(text))


def with_dataset(update: str, using: Iterable[str], using_named: Iterable[str]) -> str:
    """Return an update whose operations read the dataset that the protocol names (using-graph-uri, using-named-graph-uri).

    ValueError where the update names a dataset of its own (SPARQL 1.1 Protocol, 2.2.3), or an operation cannot be told.

    >>> with_dataset("DELETE WHERE { ?s ?p ?o }", ["http://a.example/"], [])
    'DELETE { ?s ?p ?o } USING <http://a.example/> WHERE { ?s ?p ?o }'
    """
    clauses = [*(f"USING <{iri}> " for iri in using), *(f"USING NAMED <{iri}> " for iri in using_named)]
    if not clauses:
        return update
    return "".join(_with_clauses(operation, "".join(clauses)) for operation in _operations(update))


def _operations(update: str) -> Iterator[list[tuple[int, Token]]]:
    """Yield the tokens of each operation with how many braces are open around them; the semicolon ends an operation."""
    operation: list[tuple[int, Token]] = []
    depth = 0
    for token in tokens(update):
        depth -= token.text == "}"
        operation.append((depth, token))
        depth += token.text == "{"
        if token.text == ";" and depth == 0:
            yield operation
            operation = []
    yield operation


def _with_clauses(operation: list[tuple[int, Token]], clauses: str) -> str:
    found = [token for _, token in operation]
    outer = [(number, token) for number, (depth, token) in enumerate(operation) if depth == 0 and token.kind not in _QUIET]
    while outer and not (outer[0][1].kind == "word" and not outer[0][1].is_word("PREFIX", "BASE", "VERSION")):
        del outer[0]
    words = [token for _, token in outer if token.kind == "word"]
    if not words or words[0].is_word(*_WITHOUT_WHERE) or (len(words) > 1 and words[1].is_word("DATA")):
        return _text(found)
    if not words[0].is_word(*_WITH_WHERE):
        raise ValueError(f"{words[0].text} begins no operation of an update; put spaces between keywords")
    if any(token.is_word("USING", "WITH") for token in words):
        raise ValueError("the update has USING or WITH, and the request using-graph-uri or using-named-graph-uri; send one of them")
    at = next((number for number, token in outer if token.is_word("WHERE")), None)
    if at is None:
        return _text(found)  # Oxigraph says what is wrong
    if outer[0][1].is_word("DELETE") and outer[1][0] == at:  # DELETE WHERE: what is found is what is deleted
        braces = [number for number, token in outer[2:] if token.text in ("{", "}")]
        pattern = _text(found[braces[0] : braces[1] + 1]) + " " if len(braces) > 1 else ""
        return _text(found[:at]) + pattern + clauses + _text(found[at:])
    return _text(found[:at]) + clauses + _text(found[at:])


def _text(found: Iterable[Token]) -> str:
    return "".join(token.text for token in found)
