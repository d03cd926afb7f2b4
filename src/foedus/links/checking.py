"""Whether the authorities agree with the links: each target is there, has not moved, and is the thing that we mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from foedus.credentials import check_url
from foedus.errors import FoedusError, InputError, QueryError, RemoteError, TimeLimitReached
from foedus.links.recorded import Code, Known, Link, endpoints, known, links
from foedus.links.records import Record, from_rows
from foedus.links.wording import normal

if TYPE_CHECKING:
    from collections.abc import Callable

    from foedus.graph import Graph

#: The kinds of trouble, in the order in which they are told.
TROUBLES = {
    "missing": "the authority has no such target",
    "moved": "the target redirects to another, or was replaced by it",
    "retired": "the authority has given the target up",
    "name": "none of the names that the authority gives is one of ours",
    "code": "the authority gives another code",
    "date": "the authority gives another date",
}


class Trouble(NamedTuple):
    """What is wrong with one link: the kind, the IRIs, what stands here and there, and file:line of the link."""

    kind: str
    thing: str
    target: str
    authority: str
    here: str
    there: str
    where: str


class Report(NamedTuple):
    """The troubles, the links compared by authority, the authorities left out, and why some did not answer."""

    troubles: list[Trouble]
    checked: dict[str, int]
    unchecked: list[str]
    failures: list[FoedusError]


def check(
    graph: Graph,
    authorities: Iterable[str] = (),
    *,
    urls: Mapping[str, str] | None = None,
    paths: Mapping[str, str] | None = None,
    timeout: float = 60.0,
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """Compare the links of the graph with what the authorities say.

    `urls` and `paths` name an endpoint or a downloaded file for an authority. Asked are the named `authorities`; where
    none is, those of `urls` and `paths`; where there are none either, all that have a public endpoint. `timeout` is the
    limit of each request in seconds.

    An authority that does not answer keeps no other from being asked. Raises InputError for an authority that does not
    exist, or can be asked nowhere, and for a file that cannot be used.
    """
    from foedus.links import files
    from foedus.links.asking import Endpoint
    from foedus.links.authorities import VOCABULARIES

    everything = links(graph)
    public = {name: url for name, url in endpoints(graph).items() if name in VOCABULARIES}
    names = sorted({link.authority for link in everything})
    urls, paths = urls or {}, paths or {}
    asked = list(dict.fromkeys(authorities)) or sorted({*urls, *paths}) or sorted(public)
    for name in (*asked, *urls, *paths):
        if name not in names:
            raise InputError(f"no authority is called {name!r}", todo=f"There are: {', '.join(names)}.")
        if name in urls and name not in VOCABULARIES:
            raise InputError(f"{name} has no RDF that could be asked for", todo=f"Name a file: --file {name}=PATH.")
        if name in paths and not files.can_read(name):
            raise InputError(f"files of {name} cannot be read", todo="Its links are checked by hand.")
    for url in urls.values():
        check_url(url, "an endpoint")
    for name in asked:
        if name not in paths and name not in urls and name not in public:
            raise InputError(
                f"{name} has no public endpoint", todo=f"Download it and name the file: --file {name}=PATH."
            )
    ours = known(graph, {link.thing for link in everything})
    found: list[Trouble] = []
    failures: list[FoedusError] = []
    checked = {}
    for name in asked:
        of_it = [link for link in everything if link.authority == name]
        if name in paths:
            there = files.records(name, paths[name], of_it)
        else:
            url = urls.get(name) or public[name]
            tell(f"asking {url} about {len(of_it)} links")
            vocabulary = VOCABULARIES[name]
            try:
                with Endpoint(url, pause=vocabulary.pause, timeout=timeout) as endpoint:
                    rows = list(endpoint.about((link.target for link in of_it), vocabulary.properties))
            except (RemoteError, TimeLimitReached, QueryError) as error:
                failures.append(error)
                continue
            there = from_rows(rows, vocabulary)
        checked[name] = len(of_it)
        for link in of_it:
            found += _compared(link, ours[link.thing], there.get(link.target))
    order = list(TROUBLES)
    found.sort(key=lambda t: (order.index(t.kind), t.authority, t.thing, t.target))
    return Report(found, checked, [name for name in names if name not in checked], failures)


def _compared(link: Link, ours: Known, there: Record | None) -> Iterator[Trouble]:
    def trouble(kind: str, here: str, told: str) -> Trouble:
        return Trouble(kind, link.thing, link.target, link.authority, here, told, link.where)

    if there is None:
        yield trouble("missing", "", "")
        return
    if there.moved:
        yield trouble("moved", "", there.moved)
        return
    if there.retired:
        yield trouble("retired", "", "")
    if not link.exact:  # scope or time differ, so names, codes and dates may
        return
    if there.names and not {plain(n) for n in there.names} & {plain(n) for n in ours.names}:
        yield trouble("name", "; ".join(ours.names), "; ".join(sorted(there.names)))
    yield from (trouble("code", f"{n} {h}", f"{n} {t}") for n, h, t in _codes({*ours.codes, *link.codes}, there.codes))
    if ours.dates and there.dates and not any(agree(h, t) for h in ours.dates for t in there.dates):
        yield trouble("date", "; ".join(ours.dates), "; ".join(sorted(there.dates)))


def _codes(ours: Iterable[Code], theirs: Iterable[Code]) -> Iterator[tuple[str, str, str]]:
    """The notations of which both sides have codes and none in common: with ours and theirs."""
    there: dict[str, set[str]] = {}
    for notation, code in theirs:
        there.setdefault(notation, set()).add(code.replace(" ", ""))
    here: dict[str, set[str]] = {}
    for notation, code in ours:
        here.setdefault(notation, set()).add(code)
    for notation in sorted(here.keys() & there.keys()):
        if not here[notation] & there[notation]:
            yield notation, ", ".join(sorted(here[notation])), ", ".join(sorted(there[notation]))


def agree(here: str, there: str) -> bool:
    """Whether two dates are the same as far as both say: a year agrees with each of its days.

    A date of an authority on the first of January, or of a month, may stand for the year or the month.
    """
    length = min(len(here), len(there))
    vague = there[:4] if there.endswith("-01-01") else there[:7] if there.endswith("-01") else there
    return here[:length] == there[:length] or here[: len(vague)] == vague


def plain(name: str) -> str:
    """A name as names are compared: normal, and its words in the order of the alphabet."""
    return " ".join(sorted(normal(name).split()))
