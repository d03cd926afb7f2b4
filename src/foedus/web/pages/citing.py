"""A page as a citation, to be taken home: BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re

from foedus import __version__

_AUTHOR = "The Foedus developers"
_WORK = "Foedus: a knowledge graph of the security guarantees given to Ukraine"


def bibtex(title: str, url: str) -> str:
    """The page with this title and permanent link as an entry of BibTeX."""
    key = re.sub(r"[^a-z0-9]+", "-", url.partition("/foedus/")[2].lower()).strip("-")
    fields = {
        "author": f"{{{_AUTHOR}}}",
        "title": re.sub(r"([&%$#_{}])", r"\\\1", title.replace("\\", "")),
        "howpublished": _WORK,
        "version": __version__,
        "url": url,
    }
    told = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{foedus-{key},\n{told}\n}}\n"


def csl_json(title: str, url: str) -> str:
    """The same as an item of CSL-JSON. Source: citation-style-language/schema, csl-data.json."""
    item = {
        "id": url,
        "type": "dataset",
        "title": title,
        "container-title": _WORK,
        "author": [{"literal": _AUTHOR}],
        "version": __version__,
        "URL": url,
    }
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"
