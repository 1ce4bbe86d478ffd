"""The words that give a quotation: a verb after it, a verb or a name before it, a dash with a name, the verb it hangs on."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from spacy.tokens import Doc, Token

from kg.extract.complements import Words, extent
from kg.extract.cues import Cue, read_cues, read_wordings
from kg.extract.descriptions import read_source_nouns
from kg.extract.drafts import Draft, is_negated
from kg.extract.labels import label_after, label_cue
from kg.extract.parse import PARAGRAPHS
from kg.extract.quoted_tokens import QuotedTokens, breaks_off, fills_paragraph, is_speech, is_title, opens_sentence
from kg.extract.speakers import speaker_of
from kg.limits import count_limit

_ANY_VERB = "*"
_DASH = "—"
_DASHES = "–—―‒-"
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_MAIN_CLAUSES = frozenset({"ROOT", "conj", "parataxis"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_AUXILIARIES = frozenset({"aux", "auxpass"})
_NO_HEADS = _AUXILIARIES | _SUBJECTS
_NAMES = frozenset({"PERSON", "ORG", "NORP", "GPE"})
_PREDICATES = frozenset({"oprd", "ccomp", "acomp"})
_OBJECTS = frozenset({"dobj", "dative"})


def draft_after(doc: Doc, text: str, quotation: QuotedTokens, drafts: Mapping[int, Draft]) -> Draft | None:
    """Return the draft of the reporting word right after a quotation ("…," said X), or of the signature under it."""
    verb = _verb_after(doc, text, quotation)
    if verb is None:
        return _signed(doc, quotation)
    opens = opens_sentence(doc, quotation)
    known = drafts.get(verb.i)
    if known is not None and known.words[-1] > verb.i and not (opens and _is_inverted(known, quotation)):
        return known if opens else None
    first = quotation.start if opens else doc[quotation.start].sent.start
    return _draft(verb, _quoting_cue(verb, inverted=opens), quotation, tuple(range(first, quotation.end)))


def _is_inverted(draft: Draft, quotation: QuotedTokens) -> bool:
    """Tell whether what a verb right after a quotation has as content is its speaker: "We have left," tweeted the captain."""
    between = draft.head.doc[quotation.end : draft.head.i]
    return draft.cue.frame == "object" and draft.words[0] > draft.head.i and all(_parts(token) for token in between)


def draft_before(doc: Doc, text: str, quotation: QuotedTokens, drafts: Mapping[int, Draft]) -> Draft | None:
    """Return the draft of the word that introduces a quotation: X said, "…"; X went further: "…"; from X: "…"."""
    last, start = quotation.start - 1, doc.spans[PARAGRAPHS][quotation.paragraph].start
    while last >= 0 and doc[last].is_space:
        last -= 1
    if last < 0 or (last < start and doc[last].text != ":"):  # "He wrote:" may have the quotation as the next paragraph
        return None
    after_colon = doc[last].text == ":"
    verb = _verb_before(doc, last, any_verb=after_colon or is_speech(text, quotation))
    if verb is not None and verb.i in drafts:
        return drafts[verb.i]
    words = tuple(range(quotation.start, quotation.end))
    draft = _draft(verb, _quoting_cue(verb, inverted=True), quotation, words) if verb is not None else None
    if draft is not None and (is_own(draft) or _can_speak(draft.speaker)):
        return draft
    return _labelled(doc, last, words) if after_colon else None


def _labelled(doc: Doc, colon: int, words: Words) -> Draft | None:
    """Return the draft of a quotation that follows a name and a colon: "More from the mayor: “…”"."""
    cue = label_cue()
    if cue is None or not colon:
        return None
    name = doc[colon - 1]
    owner = next((child for child in name.children if child.dep_ == "poss"), None)
    if owner is not None and name.pos_ == "NOUN":  # "His answer: “…”"
        return Draft(cue, name, words, None, owner)
    is_speaker = name.ent_type_ in _NAMES or name.lemma_.lower() in read_wordings()["medium"]
    return Draft(cue, doc[colon], words, None, name) if is_speaker else None


def _can_speak(speaker: Token | None) -> bool:
    """Tell whether a source is a name, a person's pronoun or a noun for somebody, so that any verb of theirs may be speech."""
    if speaker is None or speaker.ent_type_ in _NAMES:
        return speaker is not None
    if speaker.pos_ == "PRON":
        return "Nom" in speaker.morph.get("Case", [])
    lemma = speaker.lemma_.lower()
    return lemma in read_wordings()["medium"] or lemma in read_source_nouns()


def draft_above(doc: Doc, text: str, quotation: QuotedTokens, drafts: Mapping[int, Draft]) -> Draft | None:
    """Return the draft of the verb whose object or phrase a quotation stands in: X branded Y a "…", X attacked the "…"."""
    if is_title(text, quotation):
        return None
    branch = doc[quotation.start : quotation.end].root
    verb = branch.head
    while quotation.start <= verb.i < quotation.end or verb.pos_ not in ("VERB", "AUX"):
        if verb.head.i == verb.i:
            return None
        branch, verb = verb, verb.head
    if branch.i == verb.i or branch.dep_ in _SUBJECTS or branch.i < verb.i:
        return None
    within = [child for child in verb.children if child.dep_ in _OBJECTS and verb.i < child.i < branch.i]
    parts = [extent(part) for part in (*within, branch)] + [tuple(range(quotation.start, quotation.end))]
    words = tuple(sorted({i for part in parts for i in part if i > verb.i}))
    known = drafts.get(verb.i)
    if known is not None:
        return replace(known, words=tuple(sorted({*known.words, *words})))
    draft = _draft(verb, _quoting_cue(verb, inverted=True), quotation, words)
    if draft is None or (not is_own(draft) and not _can_speak(draft.speaker)):
        return None
    return draft if is_speech(text, quotation) or _is_judged(draft, branch) else None


def _is_judged(draft: Draft, branch: Token) -> bool:
    """Tell whether a phrase in quotation marks is somebody's word for a thing: branded X a "…", serves as a "…", attacked the "…"."""
    if is_own(draft) or branch.dep_ in _PREDICATES:
        return True
    if branch.dep_ == "prep":
        return branch.lower_ in read_wordings()["object-link"]
    return branch.dep_ == "dobj" and draft.head.tag_ in _FINITE


def is_own(draft: Draft) -> bool:
    """Tell whether a draft's word reports by a rule of its own, not by that for any verb beside a quotation."""
    return draft.cue.lemma != _ANY_VERB


def _draft(verb: Token, cue: Cue | None, quotation: QuotedTokens, words: Words) -> Draft | None:
    """Return a draft for a verb with a speaker outside of the quotation."""
    speaker = _speaker(verb, quotation)
    if cue is None or speaker is None:
        return None
    return Draft(cue, verb, words, None, speaker, None, is_negated(verb))


def _speaker(verb: Token, quotation: QuotedTokens) -> Token | None:
    """Return who a verb's source is; a word of the quotation that the parser took for the subject gives way to a name beside the verb."""
    inside = range(quotation.start, quotation.end)
    subjects = (child for child in verb.children if child.dep_ in _SUBJECTS)
    for speaker in (speaker_of(verb), _inverted_subject(verb), *subjects):
        if speaker is not None and speaker.i not in inside:
            return speaker
    start = quotation.end if quotation.end <= verb.i else verb.sent.start
    return next((token for token in _back(verb.doc, verb.i - 1) if token.i >= start and token.pos_ in ("PROPN", "PRON")), None)


def _verb_after(doc: Doc, text: str, quotation: QuotedTokens) -> Token | None:
    first, end = quotation.end, doc.spans[PARAGRAPHS][quotation.paragraph].end
    while first < end and _parts(doc[first]):
        first += 1
    if first >= end or not breaks_off(text, quotation):
        return None
    nearest = first + count_limit("inversion-tokens-most", "reporting_limits")
    speech = is_speech(text, quotation) and text[quotation.quotation.content_end - 1] != "."
    for token in doc[first : doc[first].sent.end]:
        near = token.i < nearest or any(child.dep_ == "nsubj" and first <= child.left_edge.i <= nearest for child in token.children)
        any_verb = token.i < nearest or (speech and near and token.tag_ in _FINITE)
        if token.pos_ in ("VERB", "AUX") and token.dep_ not in _NO_HEADS and _quoting_cue(token, inverted=any_verb) is not None:
            return token if near and not _introduces_next(text, quotation, token) else None
    return None


def _introduces_next(text: str, quotation: QuotedTokens, verb: Token) -> bool:
    """Tell whether the verb after a quotation that ends with a full stop gives the one after it: "… left.” He said, “…"."""
    following = verb.doc[verb.i + 1 : verb.i + 3]
    ended = text[: quotation.quotation.content_end].endswith(".")
    return ended and len(following) > 1 and following[0].text in (",", ":") and following[1].is_quote


def _parts(token: Token) -> bool:
    """Tell whether a token between a quotation and its verb only parts them: a comma, a dash, a line break."""
    return token.is_space or (token.is_punct and not token.is_quote and token.text not in (".", "!", "?"))


def _verb_before(doc: Doc, last: int, *, any_verb: bool) -> Token | None:
    """Return the verb that leads to a quotation after token `last`; a verb that is no reporting word, too, where `any_verb`."""
    mark = doc[last].text
    if mark not in (",", ":"):
        verb = doc[last]
        return verb if _quoting_cue(verb, inverted=False) is not None or (any_verb and verb.pos_ == "VERB") else None
    for token in _back(doc, last - 1):
        if token.is_quote or (token.text in (",", ";") and mark == ","):
            return None
        if token.pos_ not in ("VERB", "AUX") or token.dep_ in _AUXILIARIES:
            continue
        if _quoting_cue(token, inverted=False) is not None or (any_verb and _is_main(token)):
            return token
    return None


def _back(doc: Doc, last: int) -> Iterator[Token]:
    """Yield the tokens of a sentence from `last` to its start."""
    return (doc[i] for i in range(last, doc[last].sent.start - 1, -1))


def _is_main(verb: Token) -> bool:
    return verb.dep_ in _MAIN_CLAUSES and any(child.dep_ in _SUBJECTS for child in verb.children)


def _signed(doc: Doc, quotation: QuotedTokens) -> Draft | None:
    """Return the draft of a quotation that a dash or a colon and a name follow to the end of the line: "…" — Anna Lund."""
    labelled = label_after(doc[quotation.end : doc.spans[PARAGRAPHS][quotation.paragraph].end])
    if labelled is not None and (label := label_cue()) is not None:
        colon, speaker = labelled
        return Draft(label, colon, tuple(range(quotation.start, quotation.end)), None, speaker)
    cue = read_cues().words.get(_DASH, {}).get(("PUNCT", "signature"))
    paragraphs = doc.spans[PARAGRAPHS]
    at = quotation.paragraph
    glued = doc[quotation.end - 1].text[-1] in _DASHES  # ”― is one token
    dash, end = quotation.end - glued, paragraphs[at].end
    if fills_paragraph(doc, quotation) and at + 1 < len(paragraphs):
        dash, end = paragraphs[at + 1].start, paragraphs[at + 1].end
    while dash < end and doc[dash].is_space:
        dash += 1
    end = next((i for i in range(dash + 1, end) if "\n" in doc[i].text), end)
    if cue is None or not 1 < end - dash <= count_limit("signature-tokens-most", "reporting_limits") or doc[dash].text[-1] not in _DASHES:
        return None
    speaker = doc[dash + 1 : end].root
    if speaker.pos_ != "PROPN":
        return None
    return Draft(cue, doc[dash], tuple(range(quotation.start, quotation.end)), None, speaker)


def _quoting_cue(token: Token, *, inverted: bool) -> Cue | None:
    """Return the rule by which a verb gives a quotation: its own, that of its clauses, or the one for any verb in inversion."""
    index = read_cues()
    found = index.frames_of(token)
    if found is not None:
        for frame in ("quote", "clause"):
            if (cue := found[1].get(("VERB", frame))) is not None:
                return cue
    if inverted and token.pos_ == "VERB":
        return index.words.get(_ANY_VERB, {}).get(("VERB", "quote"))
    return None


def _inverted_subject(verb: Token) -> Token | None:
    """Return the subject after an inverted verb where the parser took it for an object."""
    return next((child for child in verb.children if child.dep_ in ("dobj", "appos", "npadvmod") and child.i > verb.i), None)
