"""The reference of terms and of things, made from the Turtle files: `python -m foedus.reference [--write] docs`.

statements.py   what the Turtle files say
ontology.py     the classes, properties, vocabularies and concepts in it, and where the page of each is
manchester.py   definitions in the Manchester syntax; asked.py what the shapes ask; examples.py; questions.py
blocks.py       what a page is made of, in no syntax: made by term_pages.py, vocabulary_pages.py, index_page.py and
                things_page.py, written by markdown.py and html.py
diagram.py      the core chain as SVG; context.py the JSON-LD context; made.py all files; __main__.py the command
"""

from __future__ import annotations
