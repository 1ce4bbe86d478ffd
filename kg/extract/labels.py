"""Labels of speakers: "Minister: We will win", the lines of scripts and interviews, headlines with a speaker and a colon."""

from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

from kg.extract.cues import Cue, read_cues, read_wordings
from kg.extract.parse import PARAGRAPHS
from kg.limits import count_limit


def find_labels(doc: Doc) -> Iterator[tuple[Cue, Token, tuple[int, ...], Token]]:
    """Yield rule, colon, content and head of the speaker for each paragraph that opens with a speaker and a colon."""
    cue = read_cues().words.get(":", {}).get(("PUNCT", "label"))
    if cue is None:
        return
    longest = count_limit("label-tokens-most", "reporting_limits")
    for paragraph in doc.spans.get(PARAGRAPHS, ()):
        colon = next((token for token in paragraph[:longest] if token.text == ":"), None)
        if colon is None or colon.i == paragraph.start or paragraph.end - colon.i <= 3:
            continue
        label = doc[paragraph.start : colon.i]
        head = label.root
        if head.pos_ in ("PROPN", "NOUN") and _names_speaker(label) and not _has_verb(label):
            words = tuple(range(colon.i + 1, paragraph.end))
            yield cue, colon, words, head


def _has_verb(label: Span) -> bool:
    return any(token.pos_ in ("VERB", "AUX") for token in label)


def _names_speaker(label: Span) -> bool:
    words = read_wordings()
    noun = label.root
    if len(label.text) < count_limit("label-characters-least", "reporting_limits"):
        return False
    if noun.ent_type_ in ("PERSON", "ORG", "GPE", "NORP") or (
        label.text.isupper() and len(label) <= count_limit("label-capitals-most", "reporting_limits")
    ):
        return True
    return any(noun.lemma_.lower() in words[field] for field in ("speaker", "spokesman", "medium"))
