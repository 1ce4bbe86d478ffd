"""Makes an Article of the fields of one input row, or says what is wrong with it."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from kg.article_dates import normal_date
from kg.limits import limit
from kg.records import Article

_OPTIONAL = ("id", "url", "title", "published", "publisher", "author", "language")
_ENGLISH = ("en", "eng", "english")
_VERSION_DIGITS = 12
_ID_DIGITS = 32


class BadArticle(ValueError):
    """An input that is no article; the message names the value and the remedy."""


def make_article(row: Mapping[str, object]) -> Article:
    """Return the Article of a row: `text` is required, the other fields may be absent, null or blank; others are ignored.

    - `id` is the given id, else the url, else `sha256-` and 32 hexadecimal digits of the hash of the text.
    - `published` is normalised (see `kg.article_dates`), `language` is "en" unless an English tag is given (en-GB).
    - `version` is 12 hexadecimal digits of the hash of all the fields as sorted JSON: any change is another version.

    The text is kept as it is. The same id and version may come twice in a run: the store takes them as one.
    BadArticle says why a row is refused.
    """
    text = row.get("text")
    if not isinstance(text, str):
        given = f"is {_kind(text)}" if "text" in row else "is missing"
        raise BadArticle(f"the field 'text' {given}; give the article's text as a string")
    _check_text(text)
    fields = {name: _string(row, name) for name in _OPTIONAL}
    language = _english(fields["language"])
    _check_english(text)
    digest = sha256(text.encode()).hexdigest()
    published = _published(fields["published"])
    identity = fields["id"] or fields["url"] or f"sha256-{digest[:_ID_DIGITS]}"
    whole = {**fields, "id": identity, "text": text, "published": published, "language": language}
    return Article(
        id=identity,
        text=text,
        version=_hash(whole),
        url=fields["url"],
        title=fields["title"],
        published=published,
        publisher=fields["publisher"],
        author=fields["author"],
        language=language,
    )


def _string(row: Mapping[str, object], name: str) -> str | None:
    """Return a field that may be absent; null and blank are absent."""
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadArticle(f"the field {name!r} is {_kind(value)}; give a string or leave it out")
    _check_characters(name, value)
    return value if value.strip() else None


def _kind(value: object) -> str:
    names = {"NoneType": "null", "bool": "a boolean", "int": "a number", "float": "a number", "list": "a list", "dict": "an object"}
    return names.get(type(value).__name__, f"a {type(value).__name__}")


def _check_text(text: str) -> None:
    most = int(limit("text-most"))
    if len(text) > most:
        raise BadArticle(f"the text has {len(text):,} characters, more than {most:,}; split it into articles")
    _check_characters("text", text)
    if not any(map(str.isalnum, text)):
        raise BadArticle("the text is empty: it holds no letter and no digit; remove the article or give its text")


def _check_characters(name: str, value: str) -> None:
    if (at := value.find("\0")) >= 0:
        raise BadArticle(f"the field {name!r} holds binary data (a NUL character at offset {at}); give plain text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        found = f"a lone surrogate (U+{ord(value[error.start]):04X}) at offset {error.start}"
        raise BadArticle(f"the field {name!r} holds {found}, which no UTF-8 file can hold; write the whole character") from None


def _english(language: str | None) -> str:
    """Return the language tag of an English article, "en" if none is given."""
    if language is None:
        return "en"
    name = language.strip().lower()
    if name in _ENGLISH:
        return "en"
    if name.replace("_", "-").split("-")[0] == "en":
        return language.strip()
    raise BadArticle(f"the field 'language' is {language!r}; only English (en) is read: remove the article or correct the field")


def _check_english(text: str) -> None:
    """Refuse a text which is surely not English; a short one is not judged."""
    if len(text) < limit("language-checked-from"):
        return
    probabilities = dict(_identifier().rank(text))
    if probabilities["en"] < limit("english-least"):
        best = max(probabilities, key=lambda language: probabilities[language])
        raise BadArticle(f"the text is not English (it looks like {best!r}, probability {probabilities[best]:.2f}); remove the article")


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _published(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return normal_date(value)
    except ValueError as error:
        raise BadArticle(f"the field 'published': {error}") from None


def _hash(fields: Mapping[str, str | None]) -> str:
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()[:_VERSION_DIGITS]
