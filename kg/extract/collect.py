"""Joins what the finders found in one article to one extraction record: voices, unnamed sources, sentences, keys."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span

from kg.lexicon import read_table
from kg.records import Article, Entity, EntityMention, EventMention, Extraction, Furniture, Membership, Statement, TextSpan


@dataclass(frozen=True, slots=True)
class SourceNoun:
    """A noun that can speak ("official") and the kind of thing it is; `plural` is the kind of several of them."""

    lemma: str
    kind: str
    plural: str


def collect(
    article: Article,
    doc: Doc,
    *,
    furniture: tuple[Furniture, ...],
    entities: tuple[Entity, ...],
    memberships: tuple[Membership, ...],
    events: tuple[EventMention, ...],
    main: str | None,
    statements: tuple[Statement, ...],
    pipeline: str,
) -> Extraction:
    """Return the whole record of one article, in text order."""
    statements = tuple(replace(statement, sentence=_sentence(doc, statement)) for statement in _distinct(statements))
    entities, statements = _with_unnamed_sources(doc, entities, statements)
    ordered = sorted(entities, key=lambda entity: (entity.mentions[0].start, entity.mentions[0].end))
    keys = {entity.key: f"e{number}" for number, entity in enumerate(ordered, start=1)}
    return Extraction(
        article=article,
        entities=tuple(replace(entity, key=keys[entity.key]) for entity in ordered),
        memberships=tuple(replace(m, person=keys[m.person], of=keys[m.of] if m.of else None) for m in memberships),
        events=tuple(replace(_event(event, keys), voice=voice_of(event.trigger, statements)) for event in events),
        main=main,
        statements=tuple(_statement(statement, keys) for statement in statements),
        furniture=furniture,
        pipeline=pipeline,
    )


def voice_of(trigger: TextSpan, statements: Iterable[Statement]) -> str | None:
    """Return the key of the innermost statement whose content holds the words, or None: the article itself says it.

    Innermost is the one with the shortest content.
    """
    holding = [
        (sum(span.end - span.start for span in statement.content), statement.key)
        for statement in statements
        if any(span.start <= trigger.start and trigger.end <= span.end for span in statement.content)
    ]
    return min(holding)[1] if holding else None


def _event(event: EventMention, keys: Mapping[str, str]) -> EventMention:
    return replace(event, roles=tuple(replace(role, entity=keys[role.entity]) if role.entity else role for role in event.roles))


def _statement(statement: Statement, keys: Mapping[str, str]) -> Statement:
    place = statement.place
    return replace(
        statement,
        source_entities=tuple(keys[key] for key in statement.source_entities),
        addressees=tuple(keys[key] for key in statement.addressees),
        on_behalf_of=keys[statement.on_behalf_of] if statement.on_behalf_of else None,
        place=replace(place, entity=keys[place.entity]) if place and place.entity else place,
    )


def _distinct(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return statements without a second one on the same cue and content: their node in the graph would be one."""
    first: dict[tuple[int | None, int, int], Statement] = {}
    for statement in statements:
        cue = statement.cue[0].start if statement.cue else None
        first.setdefault((cue, statement.content[0].start, statement.content[-1].end), statement)
    kept = {statement.key for statement in first.values()}
    return tuple(s if s.within in kept else replace(s, within=None) for s in first.values())


def _sentence(doc: Doc, statement: Statement) -> TextSpan | None:
    span = (statement.cue or statement.content)[0]
    words = doc.char_span(span.start, span.end, alignment_mode="expand")
    return TextSpan(words.sent.start_char, words.sent.end_char) if words is not None and len(words) else None


def _with_unnamed_sources(
    doc: Doc, entities: tuple[Entity, ...], statements: tuple[Statement, ...]
) -> tuple[tuple[Entity, ...], tuple[Statement, ...]]:
    """Give sources that are described and not named ("two officials") entities of their own."""
    made: dict[tuple[int, int], Entity] = {}
    result = []
    for statement in statements:
        if not statement.source_entities:
            found = [made.setdefault((e.mentions[0].start, e.mentions[0].end), e) for e in _unnamed(doc, statement, len(made))]
            statement = replace(statement, source_entities=tuple(entity.key for entity in found))
        result.append(statement)
    return entities + tuple(made.values()), tuple(result)


def _unnamed(doc: Doc, statement: Statement, made: int) -> Iterator[Entity]:
    nouns = {row.lemma: row for row in read_table("source_nouns", SourceNoun)}
    for number, span in enumerate(statement.source, start=made + 1):
        words = doc.char_span(span.start, span.end, alignment_mode="expand")
        if words is None or (row := nouns.get(words.root.lemma_.lower())) is None:
            continue
        kind = row.plural if _is_plural(words) else row.kind
        mention = EntityMention(span.start, span.end, "nominal")
        yield Entity(key=f"u{number}", kind=kind, name=" ".join(words.text.split()), mentions=(mention,))


def _is_plural(words: Span) -> bool:
    return words.root.tag_ in ("NNS", "NNPS")
