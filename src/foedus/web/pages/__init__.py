"""The pages of the explorer, one module for each kind: what it asks, and what its template is given.

Every page is a function of a `View` (language, sources asked) and gives the name of a template in `../templates` with
what stands in it. Words of the interface stand in `../words`, labels of things in the graph, headings of columns in
`queries/columns.yaml`: none in Python.
"""

from __future__ import annotations

from collections.abc import Callable

from foedus.web.messages import Response
from foedus.web.pages import asking, comparing, differing, finding, giving, home, matrix, questions, timeline
from foedus.web.pages.frame import View


def about(view: View) -> Response:
    """What the site is, and how to read it."""
    return view.frame.render(view, "about.html", view.words("about.title"))


#: The pages by their paths, without that of a language.
PAGES: dict[str, Callable[[View], Response]] = {
    "/": home.page,
    "/matrix": matrix.page,
    "/timeline": timeline.page,
    "/map": giving.map_page,
    "/network": giving.network_page,
    "/compare": comparing.page,
    "/disagreements": differing.page,
    "/browse": finding.browse,
    "/search": finding.search,
    "/queries": questions.listing,
    "/query": asking.page,
    "/about": about,
}
