"""Hand-made records that name things, for tests of who is who."""

from kg.records import Article, Entity, EntityMention, Extraction, Membership, TextSpan


def record(article_id: str, *things: str, published: str = "2022-05-01", items: dict[str, str] | None = None) -> Extraction:
    """Return a record of an article that names things, each given as "Kind: Name" or "Kind: Name @ home"."""
    text, entities = "", []
    for number, thing in enumerate(things):
        kind, _, rest = thing.partition(": ")
        name, _, home = rest.partition(" @ ")
        start = len(text)
        text += f"{name} spoke. "
        mentions = (EntityMention(start, start + len(name)),)
        item = (items or {}).get(name)
        score = 0.9 if item else None
        entities.append(
            Entity(f"e{number}", kind, name, mentions, wikidata=item, home=home or None, label=name if item else None, score=score)
        )
    version = f"{abs(hash_of(article_id + text + published)):012x}"[:12]
    return Extraction(Article(article_id, text, version, published=published), tuple(entities), pipeline="kg test")


def with_post(made: Extraction, title: str, of: int) -> Extraction:
    """Return the record with a post of its first thing: words of a new sentence, and the thing with that number as its body."""
    text = made.article.text
    article = Article(made.article.id, f"{text}{title}.", made.article.version, published=made.article.published)
    post = Membership("e0", TextSpan(len(text), len(text) + len(title)), f"e{of}")
    return Extraction(article, made.entities, (post,), pipeline=made.pipeline)


def hash_of(words: str) -> int:
    """Return a number made of words, the same in every run."""
    number = 0
    for letter in words:
        number = (number * 131 + ord(letter)) % 16**12
    return number
