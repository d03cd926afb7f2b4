"""A page as a citation: BibTeX, CSL-JSON, and the text of a note."""

from __future__ import annotations

import json
import re

from foedus import __version__
from foedus.web.messages import Refused, Request, Response
from foedus.web.pages.frame import Frame, View

_AUTHOR = "The Foedus developers"


def cite(frame: Frame, request: Request, language: str) -> Response:
    """The citation of the page `page` with the title `title`, in the format that `format` names."""
    asked = View(frame, request, language)
    path = asked.get("page", "/")
    if not path.startswith("/") or len(path) > 2000:
        raise Refused(400, "page is no path of this site")
    query = "&".join(f"{k}={v}" for k, v in asked.parameters if k in ("as_of", "source"))
    view = View(frame, Request("GET", path, query), language)
    title = " ".join(asked.get("title", "Foedus").split())[:500]
    url = view.permanent
    if asked.get("format") == "bibtex":
        key = re.sub(r"[^a-z0-9]+", "-", path.removesuffix(".html").lower()).strip("-") or "home"
        fields = {
            "author": f"{{{_AUTHOR}}}",
            "title": _tex(title),
            "howpublished": "Foedus: a knowledge graph of the security guarantees given to Ukraine",
            "version": __version__,
            "url": url,
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return Response(200, "application/x-bibtex; charset=utf-8", f"@misc{{foedus-{key},\n{body}\n}}\n".encode())
    if asked.get("format") == "csl-json":
        item = {
            "id": url,
            "type": "dataset",
            "title": title,
            "container-title": "Foedus: a knowledge graph of the security guarantees given to Ukraine",
            "author": [{"literal": _AUTHOR}],
            "version": __version__,
            "URL": url,
        }
        text = json.dumps([item], ensure_ascii=False, indent=1) + "\n"
        return Response(200, "application/vnd.citationstyles.csl+json", text.encode())
    raise Refused(400, "no such format of citations", todo="Ask for format=bibtex or format=csl-json.")


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", ""))
