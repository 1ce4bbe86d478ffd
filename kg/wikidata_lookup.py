"""Asks Wikidata's questions – items by name, items by id, items by GeoNames id – from the cache first, then from the service.

An answer is kept per name and per id, so that it does not matter in which batches things were asked. What is passing (lag,
limits, broken bodies) is never kept; that an item does not exist is. Once the service cannot be asked any more, what the
cache holds is still answered and the rest is counted.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kg.limits import count_limit
from kg.wikidata import LIMITS, NoSuchEntity, NotAnswered, Stopped, TooLarge, Wikidata
from kg.wikidata_cache import AnswerCache
from kg.wikidata_items import PROPERTIES, QID, Facts, from_answer, reach, read_facts, to_answer

_GEONAMES = PROPERTIES["geonames"]
_PROPS = "labels|aliases|descriptions|claims|sitelinks|info"
_LANGUAGES = "en|mul"
_FACTS = "item/1"  # goes up when Facts changes, so that the cache is asked anew
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an id: when it was asked for, and its facts, None where there is no such item.

    `facts.qid` is another id where the item was merged into that one.
    """

    asked: date
    facts: Facts | None


class Lookup:
    """Questions and answers of one run; `unanswered` counts what was not known and could not be asked, `stopped` says why."""

    def __init__(self, client: Wikidata | None, cache: AnswerCache) -> None:
        """Without a client only the cache answers."""
        self.client = client
        self.cache = cache
        self.stopped: str | None = None
        self.unanswered = 0

    def search(self, name: str) -> tuple[str, ...]:
        """Return the ids of items whose English label or alias begins with a name, in the service's order."""
        question = f"search/en/{count_limit('hits', LIMITS)}/{name}"
        if (kept := self.cache.read(question)) is not None:
            return _qids(kept[1])
        try:
            hits = _qids(self._search(name))
        except (Stopped, NotAnswered) as error:
            self._note(error, 1)
            return ()
        self.cache.write(question, list(hits))
        return hits

    def items(self, qids: Iterable[str]) -> dict[str, Known]:
        """Return what is known of each id; an id that could not be asked for is left out."""
        found: dict[str, Known] = {}
        absent = []
        for qid in dict.fromkeys(qids):
            if (known := self._kept(qid)) is not None:
                found[qid] = known
            elif QID.fullmatch(qid):
                absent.append(qid)
        for batch in _batches(absent, count_limit("ids-a-call", LIMITS)):
            try:
                self._fetch(batch)
            except (Stopped, NotAnswered) as error:
                self._note(error, sum(1 for qid in batch if self._kept(qid) is None))
        return found | {qid: known for qid in absent if (known := self._kept(qid)) is not None}

    def with_geonames(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the items that state each GeoNames id, lowest number first; an id that could not be asked for is left out."""
        found: dict[str, tuple[str, ...]] = {}
        absent = []
        for geonames in dict.fromkeys(ids):
            if (kept := self.cache.read(f"{_GEONAMES}/{geonames}")) is not None:
                found[geonames] = _qids(kept[1])
            elif geonames.isdecimal():
                absent.append(geonames)
        for batch in _queries(absent):
            try:
                found |= self._holders(batch)
            except (Stopped, NotAnswered) as error:
                self._note(error, len(batch))
        return found

    def _ask(self, parameters: dict[str, str], expected: str) -> dict[str, object]:
        if self.client is None:
            raise Stopped("only the cache is asked")
        if self.stopped is not None:
            raise Stopped(self.stopped)
        return self.client.ask(parameters, expected=expected)

    def _search(self, name: str) -> list[object]:
        parameters = {"action": "wbsearchentities", "search": name, "language": "en", "uselang": "en", "type": "item"}
        answer = self._ask({**parameters, "limit": str(count_limit("hits", LIMITS))}, "search")["search"]
        return [reach(hit, "id") for hit in answer] if isinstance(answer, list) else []

    def _fetch(self, qids: Sequence[str]) -> None:
        """Ask for items and keep what comes; ask again, in smaller batches, for what does not."""
        parameters = {"action": "wbgetentities", "ids": "|".join(qids), "props": _PROPS, "languages": _LANGUAGES}
        try:
            entities = self._ask(parameters, "entities")["entities"]
        except NoSuchEntity as error:
            missing = qids[0] if len(qids) == 1 else error.qid
            if missing in qids:
                self.cache.write(f"{_FACTS}/{missing}", None)
                left = [qid for qid in qids if qid != missing]
            else:
                left = list(qids)
        except TooLarge:
            if len(qids) == 1:
                raise
            left = list(qids)
        else:
            left = self._keep(entities, qids)
        if left == list(qids) and len(qids) == 1:
            raise NotAnswered(f"{qids[0]}: the answer does not speak of it")
        # The service leaves items out where an answer grows beyond its own limit.
        for batch in _batches(left, max(1, len(qids) // 2)) if len(left) == len(qids) else _batches(left, len(qids)):
            self._fetch(batch)

    def _keep(self, entities: object, qids: Sequence[str]) -> list[str]:
        """Keep the facts of each id that an answer speaks of; return the other ids."""
        answered: set[str] = set()
        for key, entity in entities.items() if isinstance(entities, dict) else ():
            if not isinstance(entity, dict):
                continue
            facts = read_facts(entity)
            # An item that was merged into another comes under its own id, under the other's, or both.
            asked_for = {key, str(entity.get("id")), str(reach(entity, "redirects", "from"))}
            for qid in qids if len(qids) == 1 else [qid for qid in qids if qid in asked_for]:
                self.cache.write(f"{_FACTS}/{qid}", facts and to_answer(facts))
                answered.add(qid)
        return [qid for qid in qids if qid not in answered]

    def _kept(self, qid: str) -> Known | None:
        kept = self.cache.read(f"{_FACTS}/{qid}")
        return None if kept is None else Known(kept[0], from_answer(kept[1]))

    def _holders(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Ask which items state GeoNames ids and keep what comes: what the search finds counts only if the item says so itself."""
        wanted = count_limit("ids-a-call", LIMITS)
        parameters = {
            "action": "query",
            "list": "search",
            "srsearch": _statement_query(ids),
            "srnamespace": "0",
            "srprop": "",
            "srinfo": "",
        }
        answer = self._ask({**parameters, "srlimit": str(wanted)}, "query")
        hits = reach(answer, "query", "search")
        qids = _qids([reach(hit, "title") for hit in hits] if isinstance(hits, list) else [])
        if ("continue" in answer or len(qids) >= wanted) and len(ids) > 1:
            return {key: value for batch in _batches(ids, len(ids) // 2) for key, value in self._holders(batch).items()}
        items = self.items(qids)
        if len(items) < len(qids):
            raise NotAnswered(f"{', '.join(ids)}: found, but not all of the items could be read")
        holders: dict[str, tuple[str, ...]] = {}
        for geonames in ids:
            stating = {known.facts.qid for known in items.values() if known.facts and geonames in known.facts.geonames}
            holders[geonames] = tuple(sorted(stating, key=lambda qid: int(qid[1:])))
            self.cache.write(f"{_GEONAMES}/{geonames}", list(holders[geonames]))
        return holders

    def _note(self, error: Stopped | NotAnswered, questions: int) -> None:
        self.unanswered += questions
        if isinstance(error, Stopped):
            self.stopped = self.stopped or str(error)
        else:
            _log.warning("%s", error)


def _statement_query(ids: Iterable[str]) -> str:
    return "haswbstatement:" + "|".join(f"{_GEONAMES}={geonames}" for geonames in ids)


def _queries(ids: Sequence[str]) -> Iterator[list[str]]:
    """Yield as many ids at a time as one query may hold."""
    batch: list[str] = []
    for geonames in ids:
        if batch and len(_statement_query([*batch, geonames])) > count_limit("query-characters", LIMITS):
            yield batch
            batch = []
        batch.append(geonames)
    if batch:
        yield batch


def _batches(ids: Sequence[str], most: int) -> Iterator[list[str]]:
    for start in range(0, len(ids), most):
        yield list(ids[start : start + most])


def _qids(values: object) -> tuple[str, ...]:
    found = values if isinstance(values, list) else []
    return tuple(dict.fromkeys(value for value in found if isinstance(value, str) and QID.fullmatch(value)))
