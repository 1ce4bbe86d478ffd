"""What a build did, in numbers."""

from dataclasses import dataclass, field

from kg.records import Built, Failure


@dataclass
class Summary:
    """What a build did."""

    articles: int = 0
    unchanged: int = 0
    statements: int = 0
    events: int = 0
    entities: int = 0
    links: int = 0
    triples: int = 0
    quarantined: int = 0
    generation: int | None = None
    interrupted: bool = False
    failures: list[Failure] = field(default_factory=list)

    def count(self, built: Built) -> None:
        """Add one stored article."""
        self.articles += 1
        for name in ("statements", "events", "entities", "links", "triples", "quarantined"):
            setattr(self, name, getattr(self, name) + getattr(built, name))
