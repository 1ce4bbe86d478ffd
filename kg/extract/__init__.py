"""Extraction: from an article to its record.

`extractor.py` joins the finders. A finder is one function of the parsed article (`find_…`); the files behind it:

    parse           parse; furniture, paragraphs, quotations (single_marks) before it; collect at the end
    entities        names (name_borders, gazetteer, titles), merging (name_kinds, kind_votes); posts; named for looking up
    statements      drafts (cues, complements, evidence), labels, quoted_speech (quoting_words, quoted_tokens, pieces), wording, occasion
    speakers        antecedents (descriptions, genders)
    responses       tellings, pointers, doubts: which statement or event a statement answers; after collect
    events          triggers (nouns, slots: subjects, powers), roles (phrases), modality, circumstances, occurrences
    times           time_patterns, time_phrases, time_guards, time_directions, time_sharing, time_methods (time_calendar, time_clocks,
                    time_clauses, time_distances, time_bounds)
    quantities      figures, counted, numbers
"""
