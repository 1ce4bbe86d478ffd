"""Finds reported statements: who said what, to whom, by what act, in what words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.extract.drafts import Draft, find_drafts
from kg.extract.named import NamedWords
from kg.extract.occasion import addressees_of, medium_of, place_of, time_of
from kg.extract.pieces import content_pieces, cue_pieces, cue_words
from kg.extract.quotations import Quoted
from kg.extract.quoted_speech import join_quotations
from kg.extract.quoted_tokens import QuotedTokens, outer_quotations
from kg.extract.speakers import conjoined, source_phrase, spoken_for, text_span
from kg.extract.wording import act_and_polarity, caution_of, certainty_of, quotation_of
from kg.limits import limit
from kg.records import Statement, Time

_FULL = frozenset({"clause", "phrase"})  # frames that give whole sentences
_FINITE = frozenset({"VBD", "VBZ", "VBP", "VBN"})


def find_statements(doc: Doc, quotations: Sequence[Quoted], named: NamedWords, times: Sequence[Time]) -> tuple[Statement, ...]:
    """Return the reported statements of a parsed article in text order, with keys s1, s2 …; empty when nobody says anything."""
    text = doc.text  # built anew at each call
    quoted = outer_quotations(doc, quotations)
    drafts = join_quotations(doc, text, tuple(_outside(find_drafts(doc), quoted)), quoted)
    pairs = [(draft, statement) for draft in drafts if (statement := _statement(draft, text, quoted, named, times)) is not None]
    others = [statement for _, statement in pairs]
    found = [statement for draft, statement in pairs if not _around(statement, others) or _is_third_party(draft)]
    found.sort(key=lambda statement: (min(statement.cue[0].start, statement.content[0].start), statement.cue[0].start))
    return _nested([replace(statement, key=f"s{number}") for number, statement in enumerate(found, 1)])


def _outside(drafts: Iterator[Draft], quoted: Sequence[QuotedTokens]) -> Iterator[Draft]:
    """Yield the drafts that the article itself reports, and from quotations the ones with a third party as source."""
    inside = {i for quotation in quoted for i in range(quotation.start, quotation.end)}
    for draft in drafts:
        if draft.head.i not in inside or draft.cue.frame == "label" or (draft.cue.frame in _FULL and _is_third_party(draft)):
            yield draft


def _is_third_party(draft: Draft) -> bool:
    """Tell whether words that somebody is reported to say report a third party, not what the speaker thinks, hopes or repeats."""
    speaker = draft.speaker
    return (
        speaker is not None
        and next(conjoined(speaker)).pos_ in ("PROPN", "NOUN")
        and draft.head.tag_ in _FINITE
        and not draft.negated
        and (draft.cue.frame in _FULL or draft.weight >= limit("evidence-nested-least", "reporting_limits"))
    )


def _statement(draft: Draft, text: str, quoted: Sequence[QuotedTokens], named: NamedWords, times: Sequence[Time]) -> Statement | None:
    doc = draft.head.doc
    cue = cue_words(draft)
    phrase = source_phrase(draft.speaker, draft.head) if draft.speaker is not None else None
    content = content_pieces(doc, text, draft.words, quoted, cue)
    if not content:
        return None
    entities = _entities(draft, named)
    act, polarity = act_and_polarity(draft)
    return Statement(
        key="",
        act=act,
        rule=draft.cue.id,
        content=content,
        source=(text_span(phrase),) if phrase is not None else (),
        cue=cue_pieces(doc, cue),
        quotation=quotation_of(text, content, quoted),
        polarity=polarity,
        certainty=certainty_of(draft),
        caution=caution_of(draft, phrase if phrase is not None else ()),
        source_entities=entities,
        on_behalf_of=spoken_for(phrase, entities, named) if phrase is not None else None,
        addressees=tuple(key for key in addressees_of(draft, named) if key not in entities),
        medium=medium_of(draft, draft.words),
        time=time_of(draft, content, times),
        place=place_of(draft, draft.words, named),
    )


def _entities(draft: Draft, named: NamedWords) -> tuple[str, ...]:
    if draft.speaker is None:
        return ()
    keys = (named.head_of(source_phrase(head, draft.head)) or named.at(head) for head in conjoined(draft.speaker))
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def _nested(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Fill `within`: the innermost statement around each one."""
    nested = []
    for statement in statements:
        innermost = min(_around(statement, statements), key=lambda other: (_size(other), other.key), default=None)
        nested.append(replace(statement, within=innermost.key if innermost is not None else None))
    return tuple(nested)


def _around(statement: Statement, others: Iterable[Statement]) -> list[Statement]:
    """Return the statements whose content holds the cue of this one and is longer, so that none is within itself."""
    at, size = statement.cue[0].start, _size(statement)
    return [other for other in others if _size(other) > size and any(piece.start <= at < piece.end for piece in other.content)]


def _size(statement: Statement) -> int:
    return sum(piece.end - piece.start for piece in statement.content)
