"""How something was said: act and polarity, the speaker's certainty, the article's caution, direct or indirect."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from spacy.tokens import Token

from kg.extract.cues import read_wordings
from kg.extract.drafts import Draft
from kg.extract.quoted_tokens import QuotedTokens
from kg.records import Caution, Certainty, Polarity, Quotation, TextSpan

_UNNAMED = "Hearsay"
_CERTAINTIES: Mapping[str, Certainty] = {"Certain": "Certain", "Probable": "Probable", "Possible": "Possible"}
_LESS_CERTAIN: tuple[Certainty, ...] = ("Possible", "Probable", "Certain")
_CAUTIONS: Mapping[str, Caution] = {"None": "None", "Unconfirmed": "Unconfirmed", "Alleged": "Alleged", "Disputed": "Disputed"}
_HEDGING = frozenset({"aux", "advmod", "acomp", "amod", "attr"})
_CLAUSE_HEADS = frozenset({"VERB", "AUX"})
_MANNER = frozenset({"prep", "advcl"})
_MODIFIERS = frozenset({"advmod", "amod"})


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
    """Return how sure the speaker's own words are: as sure as the surest main clause, and no surer than the cue.

    "It may rain" is possible; "It may rain. We will sail." is certain as a whole.
    """
    surest: Certainty = max((_certainty(root) for root in _roots(draft)), key=_LESS_CERTAIN.index, default="Certain")
    return min(surest, draft.cue.certainty, key=_LESS_CERTAIN.index)


def _roots(draft: Draft) -> tuple[Token, ...]:
    """Return the heads of the content's main clauses; of content without a clause, the heads of its phrases."""
    doc, inside = draft.head.doc, frozenset(draft.words)
    heads = [doc[i] for i in draft.words if doc[i].head.i == i or doc[i].head.i not in inside]
    return tuple(head for head in heads if head.pos_ in _CLAUSE_HEADS) or tuple(head for head in heads if not head.is_punct)


def _certainty(root: Token) -> Certainty:
    words = read_wordings()
    if root.lemma_.lower() in words["belief"] and any(child.dep_ == "nsubj" and child.lower_ in words["self"] for child in root.children):
        return _CERTAINTIES[words["belief"][root.lemma_.lower()]]
    denied = any(child.dep_ == "neg" for child in root.children)
    found = (root, *(child for child in root.children if child.dep_ in _HEDGING))
    values = [
        _CERTAINTIES[words["certainty"][token.lower_]]
        for token in found
        if token.lower_ in words["certainty"] and not (denied and token.lower_ in words["ability"])
    ]
    return min(values, key=_LESS_CERTAIN.index, default="Certain")


def caution_of(draft: Draft, source: Iterable[Token]) -> Caution:
    """Return the article's own distance: doubt on the cue or on a source that is itself a report, else what the cue implies."""
    words = read_wordings()
    on_cue = (child for child in draft.head.children if child.dep_ in _MODIFIERS)
    for word in (*on_cue, *_on_report(source)):
        if (value := words["caution"].get(_written(word))) is not None:
            return _CAUTIONS[value]
    return next((_CAUTIONS[value] for value in _lacks(draft)), draft.cue.caution)


def _on_report(source: Iterable[Token]) -> Iterator[Token]:
    """Yield the words of "unconfirmed reports"; an "alleged thief" who says something raises no doubt of what he says."""
    for word in source:
        if word.dep_ in _MODIFIERS and word.head.lemma_.lower() in read_wordings()["doubtful"]:
            yield word


def _written(word: Token) -> str:
    """Return a word in lower case, whole where the tokenizer cuts it at a hyphen ("so-called")."""
    if word.i >= 2 and word.nbor(-1).text == "-" and not word.nbor(-1).whitespace_:
        return f"{word.nbor(-2).lower_}-{word.lower_}"
    return word.lower_


def _lacks(draft: Draft) -> Iterator[str]:
    """Yield the doubt of "claimed without evidence", "said, citing no proof": of a phrase of manner outside the content."""
    words, inside = read_wordings(), frozenset(draft.words)
    for phrase in draft.head.children:
        if phrase.dep_ not in _MANNER or phrase.i in inside:
            continue
        for noun in phrase.subtree:
            lacking = (phrase, *noun.children)
            if noun.lemma_.lower() in words["proof"] and noun.i not in inside and any(word.lower_ in words["lack"] for word in lacking):
                yield words["proof"][noun.lemma_.lower()]


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
