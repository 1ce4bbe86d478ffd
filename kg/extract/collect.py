"""Joins what the finders found in one article to one extraction record: voices, unnamed sources, sentences, keys."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.extract.antecedents import find_antecedents
from kg.extract.cues import read_wordings
from kg.extract.descriptions import read_source_nouns
from kg.extract.speakers import conjoined, source_phrase
from kg.records import Article, Entity, EntityMention, EventMention, Extraction, Furniture, Membership, Statement, TextSpan


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
    entities, statements = _with_sources(doc, entities, memberships, statements)
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


def _with_sources(
    doc: Doc, entities: tuple[Entity, ...], memberships: tuple[Membership, ...], statements: tuple[Statement, ...]
) -> tuple[tuple[Entity, ...], tuple[Statement, ...]]:
    """Give sources without a name an entity: the one that they stand for, else one of their own ("two officials")."""
    unnamed = {statement.key: tuple(_unnamed(doc, statement)) for statement in statements if not statement.source_entities}
    made: dict[str, Entity] = {}
    for entity in (entity for found in unnamed.values() for entity in found):
        # "A man who … said" and "who" give one thing; the longest words describe it.
        made[entity.key] = max(made.get(entity.key, entity), entity, key=lambda entity: len(entity.name))
    antecedents = find_antecedents(doc, statements, (*entities, *made.values()), memberships)
    by_place = {(found.start, found.end): found.key for found in antecedents}
    same = {entity.key: by_place[place] for entity in made.values() if (place := _place(entity)) in by_place}
    mentions: defaultdict[str, list[EntityMention]] = defaultdict(list)
    for found in antecedents:
        mentions[found.key].append(EntityMention(found.start, found.end, found.form))
    kept = (*entities, *(entity for entity in made.values() if entity.key not in same))
    keyed = []
    for statement in statements:
        own = [same.get(entity.key, entity.key) for entity in unnamed.get(statement.key, ())]
        pronouns = [key for span in statement.source if (key := by_place.get((span.start, span.end)))]
        keyed.append(replace(statement, source_entities=statement.source_entities or tuple(dict.fromkeys(own or pronouns))))
    return tuple(_with_mentions(entity, mentions[entity.key]) for entity in kept), _on_behalf(doc, memberships, keyed)


def _place(entity: Entity) -> tuple[int, int]:
    return entity.mentions[0].start, entity.mentions[0].end


def _on_behalf(doc: Doc, memberships: Iterable[Membership], statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Fill for whom known spokespeople speak: once a spokesman, what Lima says is on behalf of the same."""
    spokesmen = read_wordings()["spokesman"]
    principals: dict[str, str] = {}
    for membership in memberships:
        title = doc.char_span(membership.title.start, membership.title.end, alignment_mode="expand")
        if membership.of and title is not None and any(token.lemma_.lower() in spokesmen for token in title):
            principals.setdefault(membership.person, membership.of)
    for statement in statements:
        if statement.on_behalf_of and len(statement.source_entities) == 1:
            principals.setdefault(statement.source_entities[0], statement.on_behalf_of)
    return tuple(
        replace(statement, on_behalf_of=statement.on_behalf_of or principals.get(statement.source_entities[0]))
        if len(statement.source_entities) == 1
        else statement
        for statement in statements
    )


def _with_mentions(entity: Entity, added: Iterable[EntityMention]) -> Entity:
    return replace(entity, mentions=tuple(sorted((*entity.mentions, *added), key=lambda mention: (mention.start, mention.end))))


def _unnamed(doc: Doc, statement: Statement) -> Iterator[Entity]:
    """Yield an entity for each source that a noun for speakers describes; its key tells where the noun stands."""
    for span in statement.source:
        words = doc.char_span(span.start, span.end, alignment_mode="expand")
        if words is None or not len(words):
            continue
        noun = next(conjoined(words.root))  # the noun itself, or the one that "who" stands for
        row = read_source_nouns().get(noun.lemma_.lower())
        if row is not None:
            phrase = words if noun in words else source_phrase(noun, words.root)
            kind = row.plural if noun.tag_ in ("NNS", "NNPS") else row.kind
            mention = EntityMention(phrase.start_char, phrase.end_char, "nominal")
            words = phrase[:-1] if phrase[-1].is_punct and not phrase[-1].is_bracket else phrase
            yield Entity(key=f"u{noun.idx}", kind=kind, name=" ".join(words.text.split()), mentions=(mention,))
