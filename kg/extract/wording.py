"""How something was said: act and polarity, the speaker's certainty, the article's caution, direct or indirect."""

from collections.abc import Iterable, Mapping, Sequence

from spacy.tokens import Token

from kg.extract.cues import read_wordings
from kg.extract.drafts import Draft
from kg.extract.quoted_speech import QuotedTokens
from kg.records import Caution, Certainty, Polarity, Quotation, TextSpan

_UNNAMED = "Hearsay"
_CERTAINTIES: Mapping[str, Certainty] = {"Certain": "Certain", "Probable": "Probable", "Possible": "Possible"}
_CAUTIONS: Mapping[str, Caution] = {"None": "None", "Unconfirmed": "Unconfirmed", "Alleged": "Alleged", "Disputed": "Disputed"}


def act_and_polarity(draft: Draft) -> tuple[str, Polarity]:
    """Return the act and the polarity of the saying; a negation may be an act of its own ("has not confirmed").

    What nobody is named to have said is hearsay, whatever the verb ("it was announced that …").
    """
    if draft.speaker is None:
        return _UNNAMED, "Negative" if draft.negated else "Positive"
    if not draft.negated:
        return draft.cue.act, "Positive"
    return (draft.cue.negated_act, "Positive") if draft.cue.negated_act else (draft.cue.act, "Negative")


def certainty_of(draft: Draft) -> Certainty:
    """Return how sure the speaker's own words are: the hedge on the content's main verb, else what the cue implies."""
    hedges = read_wordings()["certainty"]
    if draft.root is not None:
        for child in draft.root.children:
            if child.dep_ in ("aux", "advmod", "acomp") and (value := hedges.get(child.lower_)) is not None:
                return _CERTAINTIES[value]
    return draft.cue.certainty


def caution_of(draft: Draft, source: Iterable[Token]) -> Caution:
    """Return the article's own distance: a word of doubt on the cue or on its source, else what the cue implies."""
    doubts = read_wordings()["caution"]
    for word in (*draft.head.children, *source):
        if (value := doubts.get(word.lower_)) is not None:
            return _CAUTIONS[value]
    return draft.cue.caution


def quotation_of(text: str, content: Sequence[TextSpan], quoted: Sequence[QuotedTokens]) -> Quotation:
    """Return Direct when all letters of the content stand in quotation marks, Mixed when some do."""
    inside = outside = 0
    for piece in content:
        covered = [
            (max(piece.start, quotation.quotation.start), min(piece.end, quotation.quotation.end))
            for quotation in quoted
            if quotation.quotation.start < piece.end and piece.start < quotation.quotation.end
        ]
        letters = sum(map(str.isalnum, text[piece.start : piece.end]))
        within = sum(sum(map(str.isalnum, text[start:end])) for start, end in covered)
        inside, outside = inside + within, outside + letters - within
    return "Indirect" if not inside else "Mixed" if outside else "Direct"
