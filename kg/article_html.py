"""Reads a page: its body text, a paragraph a line, and what its head says about it."""

import logging
import re
from functools import cache

import trafilatura
from lxml.etree import LxmlError
from trafilatura.settings import Document

from kg.article_dates import normal_date
from kg.article_row import BadArticle
from kg.article_text import decode
from kg.limits import limit

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_HEAD_BYTES = 4096
# A page states when it was published in its metadata, with the time of day; trafilatura gives the day only.
_STATED = (
    re.compile(r"<meta[^>]{0,300}?article:published_time[^>]{0,300}?content\s*=\s*[\"']([^\"'<>]{8,60})[\"']", re.IGNORECASE),
    re.compile(r"<meta[^>]{0,300}?content\s*=\s*[\"']([^\"'<>]{8,60})[\"'][^>]{0,300}?article:published_time", re.IGNORECASE),
    re.compile(r"[\"']datePublished[\"']\s*:\s*[\"']([^\"'<>]{8,60})[\"']", re.IGNORECASE),
    re.compile(r"itemprop\s*=\s*[\"']datePublished[\"'][^>]{0,300}?(?:content|datetime)\s*=\s*[\"']([^\"'<>]{8,60})[\"']", re.IGNORECASE),
)
_LAST_DAY = "2100-01-01"  # htmldate's own bound is the clock
# What the HTML libraries raise on broken pages: they assert and look up what such a page lacks (a root, a parent).
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError, LxmlError)
_DATES = {"original_date": True, "extensive_search": False, "max_date": _LAST_DAY}


def read_page(raw: bytes) -> dict[str, object]:
    """Return the fields of a page: text, title, url, published, publisher, author; BadArticle if it has no body text."""
    most = int(limit("page-most"))
    if len(raw) > most:
        raise BadArticle(f"the page has more than {most:,} bytes; save it without embedded images and scripts")
    declared = _CHARSET.search(raw, 0, _HEAD_BYTES)
    page = decode(raw, declared=declared[1].decode("ascii", "ignore") if declared else None)
    _quieten()
    remedy = "save the whole page, or give its text as .txt"
    if "\0" in page or not page.strip():
        raise BadArticle(f"the page is empty or holds binary data; {remedy}")
    try:
        document = trafilatura.bare_extraction(
            page, favor_precision=True, include_comments=False, with_metadata=True, date_extraction_params=_DATES
        )
    except _FAULTS as error:
        raise BadArticle(f"the page is so broken that its parser fails ({type(error).__name__}); {remedy}") from None
    if not isinstance(document, Document) or not document.text:
        raise BadArticle(f"no body text was found in the page (broken HTML, or a page of links); {remedy}")
    return {
        "text": document.text,
        "title": document.title,
        "url": document.url,
        "published": _published(page) or document.date,
        "publisher": document.sitename or document.hostname,
        "author": document.author,
    }


def _published(page: str) -> str | None:
    """Return the first publication time that the page states readably."""
    for pattern in _STATED:
        for found in pattern.finditer(page):
            try:
                return normal_date(found[1])
            except ValueError:
                continue
    return None


@cache
def _quieten() -> None:
    """Keep what the HTML libraries say about a page out of standard error: a Failure says it, with the place."""
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).addHandler(logging.NullHandler())
