"""A small hand-made extraction record, for tests of the stages that need no model."""

from dataclasses import replace

from kg.records import (
    Article,
    Entity,
    EntityMention,
    EventMention,
    Extraction,
    Membership,
    Quantity,
    Role,
    Statement,
    TextSpan,
    Time,
)

TEXT = "Rebels seized Dorvan on Monday, killing at least 12 soldiers, the governor of Dorvan, Ana Ilic, told Reuters in Norway."


def span(words: str, nth: int = 0, text: str = TEXT) -> TextSpan:
    """Return where words stand in the text."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return TextSpan(start, start + len(words))


def at(words: str) -> tuple[int, int]:
    """Return where words start and end in the text."""
    where = span(words)
    return where.start, where.end


def mention(words: str, nth: int = 0) -> EntityMention:
    """Return the mention of a name in the text."""
    where = span(words, nth)
    return EntityMention(where.start, where.end)


def role(name: str, words: str, entity: str | None = None) -> Role:
    """Return a role filled by words of the text."""
    where = span(words)
    return Role(name, where.start, where.end, entity)  # type: ignore[arg-type]


def extraction(article_id: str = "wire/1", *, version: str = "0123456789ab", published: str | None = "2021-08-10T08:00:00Z") -> Extraction:
    """Return a record with one of everything."""
    time = Time(*at("on Monday"), "weekday", "2021-08-09T00:00:00Z", "2021-08-09T23:59:59Z", "day", "published")
    quantity = Quantity(*at("at least 12"), 12.0, None, "AtLeast", "soldiers", "patient")
    norway = Entity("e4", "Country", "Norway", (mention("Norway"),), "Q20", home="no", label="Norway", score=1.0, method="territory-name")
    taken = (role("agent", "Rebels"), role("place", "Dorvan", "e1"))
    return Extraction(
        article=Article(article_id, TEXT, version, "https://example.org/1", "Dorvan falls", published, "The Wire", "A. Writer"),
        entities=(
            Entity("e1", "City", "Dorvan", (mention("Dorvan"), mention("Dorvan", 1))),
            Entity("e2", "Person", "Ana Ilic", (mention("Ana Ilic"),)),
            Entity("e3", "MediaOrganisation", "Reuters", (mention("Reuters"),)),
            norway,
        ),
        memberships=(Membership("e2", span("governor"), "e1"),),
        events=(
            EventMention("v1", "Seizure", span("seized"), "seize-place", "v1", roles=taken, time=time, voice="s1"),
            EventMention(
                "v2",
                "Killing",
                span("killing"),
                "kill",
                "v2",
                roles=(role("patient", "at least 12 soldiers"),),
                quantities=(quantity,),
                voice="s1",
            ),
        ),
        main="v1",
        statements=(
            Statement(
                key="s1",
                act="Assert",
                rule="tell-clause",
                content=(TextSpan(0, span(", the governor").start),),
                source=(span("the governor of Dorvan, Ana Ilic"),),
                cue=(span("told"),),
                source_entities=("e2",),
                addressees=("e3",),
                sentence=TextSpan(0, len(TEXT)),
            ),
        ),
        pipeline="kg test",
    )


def later(record: Extraction, published: str, version: str) -> Extraction:
    """Return the record as another version of the same article."""
    return replace(record, article=replace(record.article, published=published, version=version))
