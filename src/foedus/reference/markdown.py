"""A page as Markdown, as GitHub shows it; paths are those of the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from foedus.reference.blocks import (
    Anchor,
    Block,
    Code,
    Facts,
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

_PAGES = {"index": "docs/terms/README.md", "things": "docs/things.md"}


def path(target: str) -> str:
    """The path of a page or a file in the repository."""
    if target == "core.svg":
        return "docs/core.svg"
    return target if "." in target else _PAGES.get(target) or f"docs/terms/{target}.md"


def markdown(page: Page) -> str:
    """The text of a page."""
    trail = [" › ".join(_inline(link, page) for link in page.trail)] if page.trail else []
    blocks = [f"# {_escaped(page.title)}", *trail, *("\n".join(_block(block, page)) for block in page.blocks)]
    return "\n\n".join(blocks) + "\n"


def _block(block: Block, page: Page) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {_escaped(block.text)}"
        case Paragraph():
            yield _line(block.content, page)
        case Facts():
            for name, value in block.rows:
                yield f"- **{name}:** {_line(value, page)}"
        case Listing():
            yield from _items(block.items, page, "")
        case Table():
            yield f"| {' | '.join(map(_escaped, block.head))} |"
            yield "|" + "---|" * len(block.head)
            for row in block.rows:
                yield f"| {' | '.join(_line(cell, page) for cell in row)} |"
        case Lines():
            yield f"```{block.language}"
            yield from ("".join(map(plain, line)) for line in block.lines)
            yield "```"
        case Picture():
            yield f"![{_escaped(block.words)}]({_href(block.target, page)})"


def _items(items: tuple[Item, ...], page: Page, indent: str) -> Iterator[str]:
    for item in items:
        yield f"{indent}- {_line(item.content, page)}"
        yield from _items(item.below, page, indent + "  ")


def _line(content: Inlines, page: Page) -> str:
    return "".join(_inline(part, page) for part in content).strip()


def _inline(inline: Inline, page: Page) -> str:
    match inline:
        case str():
            return _escaped(inline)
        case Code():
            return f"`{inline.text}`"
        case Link():
            return f"[{_inline(inline.shown, page)}]({_href(inline.target, page)})"
        case Anchor():
            return f'<a id="{inline.name}"></a>{_inline(inline.shown, page)}'
        case _:
            return _escaped(inline.text)


def _href(target: str, page: Page) -> str:
    if re.match(r"https?:", target):
        return target
    name, mark, place = target.partition("#")
    return posixpath.relpath(path(name), posixpath.dirname(path(page.name))) + mark + place


def _escaped(text: str) -> str:
    """Text in which no character is markup."""
    return re.sub(r"([\\`*_\[\]<>|]|&(?=[#\w]+;))", r"\\\1", " ".join(re.split(r"[\r\n]+", text)))
