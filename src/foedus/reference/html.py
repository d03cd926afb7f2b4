"""A page as HTML: one file, with its style in it, no script, and nothing fetched from elsewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import escape

from foedus.reference.blocks import (
    Anchor,
    Block,
    Code,
    Facts,
    Foreign,
    Heading,
    Inline,
    Inlines,
    Item,
    Lines,
    Link,
    Listing,
    Page,
    Paragraph,
    Picture,
    Table,
    plain,
)

_STYLE = """
:root { --ink: #1c1c1c; --paper: #fff; --faint: #f3f3f0; --rule: #767676; --link: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6e1; --paper: #17181a; --faint: #23252a; --rule: #8a8a8a; --link: #8ab8ee; }
}
body { margin: 0; color: var(--ink); background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0.5rem 1rem; }
a { color: var(--link); }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; padding: 0.5rem; background: var(--paper); }
h1, h2, h3 { line-height: 1.2; margin: 1.6em 0 0.5em; }
h1 { margin-top: 0.5em; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.92em; }
pre { padding: 0.7rem; background: var(--faint); overflow-x: auto; }
dt { font-weight: bold; }
dd { margin: 0 0 0.5rem 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--rule); padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
dd, li, p { overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
.long { min-width: 18rem; }
thead th { background: var(--faint); }
tbody th { font-weight: normal; }
:target { outline: 2px solid var(--link); }
img { max-width: 100%; height: auto; }
footer { border-top: 1px solid var(--rule); font-size: 0.9em; margin-top: 2rem; }
@media print {
  .skip, nav { display: none; }
  .wide { overflow: visible; }
  :root { --ink: #000; --paper: #fff; --faint: #fff; --link: #000; }
  pre, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
""".strip()


def path(target: str) -> str:
    """The path of a page or a file below the folder of the site."""
    return target.removeprefix("ontology/") if "." in target else f"{target}.html"


def html(page: Page, version: str) -> str:
    """The text of a page of the site, which tells the version of the ontology."""
    written = [f"<h1>{escape(page.title)}</h1>"]
    heading = page.title
    for block in page.blocks:
        heading = block.text if isinstance(block, Heading) else heading
        written += _block(block, page, heading)
    title = page.title if page.name == "index" else f"{page.title} – Terms"
    trail = [_inline(link, page) for link in page.trail]
    navigation = [f'<nav aria-label="Breadcrumb">{" › ".join([*trail, escape(page.title)])}</nav>'] if trail else []
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)} – Foedus</title>",
        f"<style>\n{_STYLE}\n</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#content">Skip to the content</a>',
        *(["<header>", *navigation, "</header>"] if navigation else []),
        '<main id="content">',
        *written,
        "</main>",
        f"<footer>Foedus ontology {escape(version)}</footer>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _block(block: Block, page: Page, heading: str) -> Iterator[str]:
    """The lines of a block; a table, which may be wide, is a region that is named by the heading above it."""
    match block:
        case Heading():
            yield f"<h{block.level}>{escape(block.text)}</h{block.level}>"
        case Paragraph():
            yield f"<p>{_line(block.content, page)}</p>"
        case Facts():
            yield "<dl>"
            yield from (f"<dt>{escape(name)}</dt><dd>{_line(value, page)}</dd>" for name, value in block.rows)
            yield "</dl>"
        case Listing():
            yield from _items(block.items, page)
        case Table():
            yield f'<div class="wide" role="region" tabindex="0" aria-label="{escape(heading)}">'
            yield "<table>"
            names = "".join(f'<th scope="col">{escape(name)}</th>' for name in block.head)
            yield f"<thead><tr>{names}</tr></thead>"
            yield "<tbody>"
            for first, *rest in block.rows:
                cells = "".join(f"<td{_long(cell)}>{_line(cell, page)}</td>" for cell in rest)
                yield f'<tr><th scope="row">{_line(first, page)}</th>{cells}</tr>'
            yield "</tbody>"
            yield "</table>"
            yield "</div>"
        case Lines():
            lines = "\n".join("".join(_inline(part, page, code=True) for part in line) for line in block.lines)
            yield f"<pre><code>{lines}</code></pre>"
        case Picture():
            yield f'<p><img src="{_href(block.target, page)}" alt="{escape(block.words)}"></p>'


def _long(cell: Inlines) -> str:
    """The mark of a cell whose text is not to be squeezed."""
    return ' class="long"' if sum(len(plain(part)) for part in cell) > 80 else ""


def _items(items: tuple[Item, ...], page: Page) -> Iterator[str]:
    yield "<ul>"
    for item in items:
        yield f"<li>{_line(item.content, page)}"
        if item.below:
            yield from _items(item.below, page)
        yield "</li>"
    yield "</ul>"


def _line(content: Inlines, page: Page) -> str:
    return "".join(_inline(part, page) for part in content)


def _inline(inline: Inline, page: Page, *, code: bool = False) -> str:
    """An inline; within code, code is not marked again."""
    match inline:
        case str():
            return escape(inline)
        case Code():
            return escape(inline.text) if code else f"<code>{escape(inline.text)}</code>"
        case Foreign():
            return f'<span lang="{escape(inline.language)}">{escape(inline.text)}</span>'
        case Link():
            return f'<a href="{escape(_href(inline.target, page))}">{_inline(inline.shown, page, code=code)}</a>'
        case Anchor():
            return f'<span id="{escape(inline.name)}">{_inline(inline.shown, page)}</span>'


def _href(target: str, page: Page) -> str:
    if re.match(r"https?:", target):
        return target
    name, mark, place = target.partition("#")
    return posixpath.relpath(path(name), posixpath.dirname(path(page.name)) or ".") + mark + place
