"""Labels of speakers: "Minister: We will win", the lines of scripts and interviews, headlines with a speaker and a colon."""

from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

from kg.extract.cues import Cue, read_cues, read_wordings
from kg.extract.descriptions import read_source_nouns
from kg.extract.parse import PARAGRAPHS
from kg.limits import count_limit

_SPEAKING = frozenset({"PERSON", "ORG", "GPE", "NORP"})


def find_labels(doc: Doc) -> Iterator[tuple[Cue, Token, tuple[int, ...], Token]]:
    """Yield rule, colon, content and head of the speaker for each paragraph that opens with a speaker and a colon."""
    cue = label_cue()
    if cue is None:
        return
    for paragraph in doc.spans.get(PARAGRAPHS, ()):
        found = label_of(paragraph)
        if found is not None:
            colon, head = found
            yield cue, colon, tuple(range(colon.i + 1, paragraph.end)), head


def label_cue() -> Cue | None:
    """Return the rule for a speaker and a colon."""
    return read_cues().words.get(":", {}).get(("PUNCT", "label"))


def label_after(words: Span) -> tuple[Token, Token] | None:
    """Return the colon and the head of the speaker where words are a colon and a label: "“We will win”: Minister"."""
    label = words.doc[words.start + 1 : words.end]
    if not 1 < len(words) <= count_limit("label-tokens-most", "reporting_limits") or words[0].text != ":" or label[-1].is_punct:
        return None
    return (words[0], label.root) if _is_speaker(label) else None


def label_of(words: Span) -> tuple[Token, Token] | None:
    """Return the colon and the head of the speaker where words open with a label, else None."""
    colon = next((token for token in words[: count_limit("label-tokens-most", "reporting_limits")] if token.text == ":"), None)
    if colon is None or colon.i == words.start or words.end - colon.i <= 3:
        return None
    label = words.doc[words.start : colon.i]
    return (colon, label.root) if _is_speaker(label) else None


def _is_speaker(label: Span) -> bool:
    has_verb = any(token.pos_ in ("VERB", "AUX") for token in label)
    return label.root.pos_ in ("PROPN", "NOUN") and not has_verb and _names_speaker(label)


def _names_speaker(label: Span) -> bool:
    words = read_wordings()
    noun = label.root
    if len(label.text) < count_limit("label-characters-least", "reporting_limits"):
        return False
    if noun.ent_type_ in _SPEAKING or (label.text.isupper() and len(label) <= count_limit("label-capitals-most", "reporting_limits")):
        return True
    lemma = noun.lemma_.lower()
    if lemma in read_source_nouns() or any(lemma in words[field] for field in ("speaker", "spokesman", "medium")):
        return True
    # In a headline the model often misses a name that it sees in the text below.
    return noun.text[:1].isupper() and any(token.text == noun.text and token.ent_type_ in _SPEAKING for token in noun.doc)
