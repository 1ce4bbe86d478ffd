"""Extraction: from an article to its record. `extractor.py` joins the finders; the other files are one finder or its parts."""
