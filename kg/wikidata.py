"""The only network client: asks a MediaWiki API one thing at a time, politely, and gives up in good order.

It knows the protocol and nothing of items: `kg.wikidata_lookup` asks the questions and keeps the answers. Errors come in
four ways (a status, an error inside HTTP 200, a broken body, silence); what passes is waited for and asked again, what
does not is told at once. Nothing here reads the clock: a Retry-After date is counted from the answer's own Date.
"""

import json
import logging
import platform
import re
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from threading import Event
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from kg import __version__
from kg.limits import count_limit, limit

API = "https://www.wikidata.org/w/api.php"
LIMITS = "online_limits"
_PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_PASSING_ERRORS = (
    "maxlag",
    "ratelimited",
    "readonly",
    "internal_api_error",
    "timeout",
    "cirrussearch-too-busy-error",
    "cirrussearch-backend-error",
)
_CONTACT = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+|https?://[^\s<>()]+\.[^\s<>()]+", re.ASCII)
_log = logging.getLogger(__name__)


class NoContact(ValueError):
    """There is no contact for the User-Agent; the message says how to give one."""


class Stopped(OSError):
    """Nothing more can be asked in this run: the budget is spent, or the service refuses or stays silent."""


class NotAnswered(ValueError):
    """This one question has no answer: the service says that it is wrong, or that its answer is too large."""


class NoSuchEntity(NotAnswered):
    """An id that was asked for does not exist and will not: `qid` is that id, where the service names it."""

    def __init__(self, message: str, qid: str | None) -> None:
        super().__init__(message)
        self.qid = qid


class TooLarge(NotAnswered):
    """The answer is larger than the limit; ask for less at a time."""


class _Passing(Exception):
    """Something that may go away; `wait` is how long the service asks to be left alone."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class Wikidata:
    """A client with a budget; `asked` counts the requests it has sent, those sent again included."""

    def __init__(
        self,
        contact: str,
        *,
        url: str = API,
        budget: int | None = None,
        timeout: float | None = None,
        most_bytes: int | None = None,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        """`contact` is an address or a page where whoever runs this can be reached; NoContact where it is neither."""
        self.agent = user_agent(contact)
        self.url = _checked(url)
        self.budget = count_limit("requests", LIMITS) if budget is None else budget
        self.asked = 0
        self._most_bytes = count_limit("answer-bytes", LIMITS) if most_bytes is None else most_bytes
        self._timeout = limit("timeout", LIMITS) if timeout is None else timeout
        self._sleep = sleep or Event().wait
        self._opener = _opener()

    def ask(self, parameters: Mapping[str, str], *, expected: str) -> dict[str, object]:
        """Return the answer, a JSON object that has the key `expected` and no `error`.

        Stopped, NoSuchEntity, TooLarge or NotAnswered where there is none.
        """
        request = self._request(parameters)
        attempts, longest = count_limit("attempts", LIMITS), limit("longest-wait", LIMITS)
        pause = limit("first-wait", LIMITS)
        for attempt in range(1, attempts + 1):
            try:
                return self._attempt(request, expected)
            except _Passing as passing:
                why, wait = str(passing), pause if passing.wait is None else passing.wait
            if wait > longest:
                raise Stopped(f"{self.url}: {why}; it asks to wait {wait:.0f} s, more than {longest:.0f}: run again later")
            if attempt < attempts:
                _log.warning("%s: %s; asking again in %.0f s", self.url, why, wait)
                self._sleep(wait)
                pause *= 2
        raise Stopped(f"{self.url}: {why}, {attempts} times in a row; run again later, what was answered is kept")

    def _request(self, parameters: Mapping[str, str]) -> Request:
        query = urlencode({**parameters, "format": "json", "maxlag": str(count_limit("maxlag", LIMITS))})
        return Request(f"{self.url}?{query}", headers={"User-Agent": self.agent, "Accept": "application/json", "Accept-Encoding": "gzip"})

    def _attempt(self, request: Request, expected: str) -> dict[str, object]:
        if self.asked >= self.budget:
            raise Stopped(f"the budget of {self.budget} requests is spent; run again to go on, or raise --requests")
        self.asked += 1
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return _answer(_body(response, self._most_bytes), response.headers, request.full_url, expected)
        except HTTPError as error:
            with error:
                raise _status_error(error, self.url) from error
        # A peer that closes, stalls or speaks no HTTP: OSError holds timeouts, resets and TLS faults.
        except (OSError, HTTPException) as error:
            if isinstance(error, Stopped):
                raise
            raise _Passing(f"no answer ({error or type(error).__name__})") from error


def user_agent(contact: str) -> str:
    """Return the User-Agent that the service's policy asks for; NoContact where the contact is no address and no page."""
    if not _CONTACT.fullmatch(contact.strip()):
        raise NoContact(
            f"contact {contact!r}: Wikidata refuses programs that do not say whom to ask; give --contact with an e-mail address"
            " or a web page of yours, or set KG_CONTACT"
        )
    return f"news-kg/{__version__} ({contact.strip()}) Python-urllib/{platform.python_version()}"


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query:
        raise ValueError(f"{url!r} is no address of an API; it looks like {API}")
    return url


class _NoRedirects(HTTPRedirectHandler):
    """An API does not move; a redirect leads to a login page or to another host, and is an error."""

    def redirect_request(self, *_: object) -> None:
        return None


def _opener() -> OpenerDirector:
    return build_opener(_NoRedirects)


def _body(response: HTTPResponse, most: int) -> bytes:
    """Return the body, unpacked; TooLarge where either form of it is larger than the limit."""
    body = response.read(most + 1)
    if response.headers.get("Content-Encoding", "").lower() == "gzip" and len(body) <= most:
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            body = unpacker.decompress(body, most + 1)
        except zlib.error as error:
            raise _Passing(f"a body that does not unpack ({error})") from error
    if len(body) > most:
        raise TooLarge(f"{response.url}: the answer has more than {most} bytes")
    return body


def _answer(body: bytes, headers: Message, url: str, expected: str) -> dict[str, object]:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise _Passing(f"a body of {len(body)} bytes that is no JSON") from error
    if not isinstance(answer, dict) or not answer.keys() & {expected, "error"}:
        raise _Passing(f"a body without {expected!r}")
    if "error" not in answer:
        return answer
    told = answer["error"] if isinstance(answer["error"], dict) else {}
    code, info = str(told.get("code", "unknown")), " ".join(str(told.get("info", "")).split())
    if code.startswith(_PASSING_ERRORS):
        raise _Passing(f"{code}: {info}", _retry_after(headers))
    if code == "no-such-entity":
        raise NoSuchEntity(f"{url}: {info}", str(told["id"]) if "id" in told else None)
    raise NotAnswered(f"{url}: {code}: {info}")


def _status_error(error: HTTPError, url: str) -> Exception:
    if error.code in _PASSING_STATUSES:
        return _Passing(f"HTTP {error.code} {error.reason}", _retry_after(error.headers))
    if error.code == 403:
        return Stopped(f"{url}: HTTP 403: the service refuses this program; see that --contact really reaches you, and ask there why")
    if 300 <= error.code < 400:
        return Stopped(
            f"{url}: HTTP {error.code} leads to {error.headers.get('Location')}, which is not followed; give the API's own --api"
        )
    if error.code in (401, 404, 410):
        return Stopped(f"{url}: HTTP {error.code} {error.reason}: no API answers there; see --api")
    return NotAnswered(f"{error.url}: HTTP {error.code} {error.reason}")


def _retry_after(headers: Message) -> float | None:
    """Return the seconds that Retry-After asks for, given as seconds or as a date; None without one that can be read."""
    value = str(headers.get("Retry-After", "")).strip()
    if value.isdecimal():
        return float(value)
    until, now = _date(value), _date(str(headers.get("Date", "")))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
