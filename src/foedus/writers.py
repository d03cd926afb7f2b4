"""One writer a format. Machine formats follow their standards; table, Markdown and HTML are for people.

Sources: SPARQL 1.1 Query Results CSV and TSV Formats, JSON Format, XML Format (second edition).

Where the passages were asked for, machine formats gain a column `passages` (JSON a list of objects beside the bindings
as well), the table prints them below each row, Markdown and HTML as notes. Formats for people leave out the columns of
IRIs that only carry evidence.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable

from foedus.answers import Answer, Row, Term
from foedus.errors import InputError

FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown", "html", "turtle")


def write(answer: Answer, format: str, width: int = 100) -> str:
    """`answer` as text that ends with a line feed; `width` is in characters and concerns the table only.

    Raises InputError for a format that is unknown or does not fit the answer.
    """
    if format not in FORMATS:
        raise InputError(f"no format is called {format!r}", todo=f"Choose one of: {', '.join(FORMATS)}.")
    if answer.form == "graph":
        return _graph(answer, format)
    if format == "turtle":
        raise InputError("the answer is rows, which Turtle cannot hold", todo="Choose csv, json, or another format.")
    if answer.form == "boolean" and format in ("table", "csv", "tsv", "markdown", "html"):
        word = "true" if answer.boolean else "false"
        return f"<p>{word}</p>\n" if format == "html" else word + "\n"
    if format == "table":
        from foedus.tables import table

        return table(answer, width)
    return _WRITERS[format](answer)


def _graph(answer: Answer, format: str) -> str:
    if format not in ("turtle", "table"):
        raise InputError("the answer is triples, which only Turtle holds here", todo="Choose --format turtle.")
    import pyoxigraph as ox

    from foedus.names import PREFIXES

    triples = [q.triple for q in ox.parse(answer.triples.encode(), format=ox.RdfFormat.N_TRIPLES)]
    used = {p: iri for p, iri in PREFIXES.items() if iri in answer.triples}
    return (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=used) or b"").decode()


def _all_columns(answer: Answer) -> list[str]:
    return [*answer.columns, _passages_column(answer)] if answer.cited else answer.columns


def _passages_column(answer: Answer) -> str:
    name = "passages"
    while name in answer.columns:
        name += "_"
    return name


def _cell(row: Row, column: str) -> Term | None:
    if column in row:
        return row[column]
    return Term("literal", "; ".join(str(p) for p in row.passages))


def _csv(answer: Answer) -> str:
    import csv

    out = io.StringIO()
    writer = csv.writer(out)  # CRLF, as RFC 4180 and the SPARQL format have it
    columns = _all_columns(answer)
    writer.writerow(columns)
    for row in answer:
        writer.writerow([_csv_value(_cell(row, c)) for c in columns])
    return out.getvalue()


def _csv_value(term: Term | None) -> str:
    if term is None:
        return ""
    return "_:" + term.value if term.kind == "blank" else term.value


def _tsv(answer: Answer) -> str:
    columns = _all_columns(answer)
    lines = ["\t".join("?" + c for c in columns)]
    lines += ["\t".join(_turtle(_cell(row, c)) for c in columns) for row in answer]
    return "\n".join(lines) + "\n"


def _turtle(term: Term | None) -> str:
    if term is None:
        return ""
    if term.kind == "iri":
        return f"<{term.value}>"
    if term.kind == "blank":
        return f"_:{term.value}"
    text = term.value
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    if term.language:
        return f'"{text}"@{term.language}'
    return f'"{text}"^^<{term.datatype}>' if term.datatype else f'"{text}"'


def _json_term(term: Term) -> dict[str, str]:
    found = {"type": {"iri": "uri", "blank": "bnode"}.get(term.kind, "literal"), "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype:
        found["datatype"] = term.datatype
    return found


def _json(answer: Answer) -> str:
    if answer.form == "boolean":
        return json.dumps({"head": {}, "boolean": answer.boolean}) + "\n"
    columns = _all_columns(answer)
    bindings = []
    for row in answer:
        cells = {c: _cell(row, c) for c in columns}
        bindings.append({c: _json_term(t) for c, t in cells.items() if t is not None})
    document: dict[str, object] = {"head": {"vars": columns}, "results": {"bindings": bindings}}
    if answer.cited:
        document["passages"] = [[p._asdict() for p in row.passages] for row in answer]
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _xml(answer: Answer) -> str:
    from xml.etree import ElementTree as ET

    root = ET.Element("sparql", xmlns="http://www.w3.org/2005/sparql-results#")
    head = ET.SubElement(root, "head")
    if answer.form == "boolean":
        ET.SubElement(root, "boolean").text = "true" if answer.boolean else "false"
    else:
        columns = _all_columns(answer)
        for column in columns:
            ET.SubElement(head, "variable", name=column)
        results = ET.SubElement(root, "results")
        for row in answer:
            result = ET.SubElement(results, "result")
            for column in columns:
                term = _cell(row, column)
                if term is not None:
                    _xml_term(ET.SubElement(result, "binding", name=column), term)
    ET.indent(root, " ")
    return '<?xml version="1.0"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _xml_term(parent: object, term: Term) -> None:
    from xml.etree import ElementTree as ET

    assert isinstance(parent, ET.Element)
    element = ET.SubElement(parent, {"iri": "uri", "blank": "bnode"}.get(term.kind, "literal"))
    element.text = term.value
    if term.language:
        element.set("xml:lang", term.language)
    elif term.datatype:
        element.set("datatype", term.datatype)


def _human(term: Term | None) -> str:
    return "" if term is None else term.human


def _notes(answer: Answer) -> dict[str, int]:
    """The number of the note of each passage, in order of appearance."""
    numbers: dict[str, int] = {}
    for row in answer:
        for passage in row.passages:
            numbers.setdefault(str(passage), len(numbers) + 1)
    return numbers


def _markdown(answer: Answer) -> str:
    columns = answer.shown_columns
    notes = _notes(answer)

    def clean(text: str) -> str:
        return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")

    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    for row in answer:
        cells = [clean(_human(row[c])) for c in columns]
        marks = "".join(f"[^{n}]" for n in dict.fromkeys(notes[str(p)] for p in row.passages))
        cells = [*cells[:-1], "".join(cells[-1:]) + marks]
        lines.append("| " + " | ".join(cells) + " |")
    if notes:
        lines.append("")
        lines += [f"[^{n}]: {text}" for text, n in notes.items()]
    return "\n".join(lines) + "\n"


def _html(answer: Answer) -> str:
    from html import escape

    columns = answer.shown_columns
    notes = _notes(answer)

    def cell(term: Term | None) -> str:
        text = escape(_human(term))
        return f'<a href="{escape(term.value)}">{text}</a>' if term is not None and term.kind == "iri" else text

    lines = ["<table>", "<thead><tr>" + "".join(f'<th scope="col">{escape(c)}</th>' for c in columns) + "</tr></thead>"]
    lines.append("<tbody>")
    for row in answer:
        cells = [cell(row[c]) for c in columns]
        for n in dict.fromkeys(notes[str(p)] for p in row.passages):
            cells = [*cells[:-1], "".join(cells[-1:]) + f'<sup><a href="#note-{n}">{n}</a></sup>']
        lines.append("<tr>" + "".join(f"<td>{c}</td>" for c in cells) + "</tr>")
    lines.append("</tbody>\n</table>")
    if notes:
        lines.append("<ol>")
        lines += [f'<li id="note-{n}">{escape(text)}</li>' for text, n in notes.items()]
        lines.append("</ol>")
    return "\n".join(lines) + "\n"


_WRITERS: dict[str, Callable[[Answer], str]] = {
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "xml": _xml,
    "markdown": _markdown,
    "html": _html,
}
