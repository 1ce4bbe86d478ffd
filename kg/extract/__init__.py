"""Extraction: from an article to its record.

`extractor.py` joins the finders. A finder is one function of the parsed article (`find_…`); the files behind it:

    parse           parse; furniture, paragraphs, quotations (single_marks) before it; collect at the end
    entities        names (name_borders, gazetteer, titles), merging (name_kinds, kind_votes); posts; named for looking up
    statements      cues, complements, drafts, speakers, quoted_speech, pieces, wording, occasion
    events          triggers (slots, nouns), roles (phrases), modality, circumstances, occurrences
    times           time_patterns, time_phrases, time_guards, time_directions, time_methods (time_calendar, time_distances, time_bounds)
    quantities      figures, counted, numbers
"""
