"""Reads plain text: bytes to characters, and the front matter before the text. Nothing is normalised."""

import codecs
import re

import yaml
from charset_normalizer import from_bytes

from kg.article_row import BadArticle
from kg.limits import limit

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_USUAL = "cp1252"
_READ_AS_USUAL = frozenset(("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii"))
_FENCE = re.compile(r"---[ \t]*(?:\r\n|\n|\r|$)")
_CLOSING_FENCE = re.compile(r"(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)")


def decode(raw: bytes, *, declared: str | None = None) -> str:
    """Return the characters of a file: byte order mark (dropped), UTF-8, `declared`, then the likeliest encoding.

    BadArticle for binary data.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], encoding)
    if (at := raw.find(b"\0")) >= 0:
        raise BadArticle(f"binary data (a NUL byte at offset {at}); give plain text, HTML or JSON lines, UTF-16 with a byte order mark")
    for likely in ("utf-8", *([_standard(declared)] if declared else [])):
        if (text := _decoded_or_none(raw, likely)) is not None:
            return text
    return _decoded(raw, _likeliest(raw))


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeError as error:
        raise BadArticle(f"the bytes are not the {encoding} they look like ({error}); save the file as UTF-8") from None


def _decoded_or_none(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _standard(declared: str) -> str:
    """Return the encoding that the Web reads a declared name as (Encoding Standard, section 4.2)."""
    return _USUAL if declared.lower() in _READ_AS_USUAL else declared


def _likeliest(raw: bytes) -> str:
    """Return the encoding of bytes that are not UTF-8: of the equally likely ones Windows-1252, the usual one of English."""
    matches = from_bytes(raw)
    best = matches.best()
    if best is None:
        raise BadArticle("binary data or an unknown encoding; save the file as UTF-8")
    equal = (match for match in matches if (match.chaos, match.coherence) == (best.chaos, best.coherence))
    return _USUAL if any(_USUAL in match.could_be_from_charset for match in equal) else best.encoding


def split_front_matter(text: str) -> dict[str, object]:
    """Return the fields of a plain text: those of its front matter, and `text`, what follows the closing line exactly.

    Front matter is YAML between a first line `---` and the next. Scalars stay the strings that stand there (an id 007,
    a title 1984, a date); null and nothing are None. BadArticle names what cannot be read.
    """
    opening = _FENCE.match(text)
    if not opening:
        return {"text": text}
    closing = _CLOSING_FENCE.search(text, opening.end())
    if not closing:
        raise BadArticle("the first line is '---' but no line '---' ends the front matter; add it, or put a blank line first")
    if closing.start() > limit("front-matter-most"):
        raise BadArticle(f"the front matter has more than {limit('front-matter-most'):,.0f} characters; shorten it")
    return {**_front_matter(text[opening.end() : closing.start()]), "text": text[closing.end() :]}


def _front_matter(source: str) -> dict[str, object]:
    remedy = "write 'name: value' lines, quote values that hold ': '"
    try:
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise BadArticle(f"the front matter is not YAML ({' '.join(str(error).split())}); {remedy}") from None
    except RecursionError:
        raise BadArticle(f"the front matter is nested too deeply; {remedy}") from None
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise BadArticle(f"the front matter is not a mapping; {remedy}, or put a blank line before a first line '---' that is text")
    return {key.value: _scalar(value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _scalar(node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == "tag:yaml.org,2002:null" else node.value
    return [] if isinstance(node, yaml.SequenceNode) else {}
