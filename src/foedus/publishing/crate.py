"""A release as a folder of files with an RO-Crate description: the same bytes wherever it is made.

ro-crate-metadata.json        what is in the folder: metadata.py
foedus.nq.gz foedus.trig.gz   the whole graph
graph/       each named graph as Turtle, among them the description (dataset) and the statistics, with a manifest
ontology/    the files of the ontology as they are kept, and the JSON-LD context
queries/     the saved queries; sparql-examples.ttl has them as RDF
packages/    the Python packages, where there are any
CHANGELOG.md CITATION.cff LICENSE LICENSE-DATA
"""

from __future__ import annotations

import json
import os

from foedus import __version__
from foedus.catalog import Catalog
from foedus.datasets import DATASET, NS, STATISTICS, graph_of, read_bytes
from foedus.errors import InputError
from foedus.export import FORMATS, export_file, export_parts, save, whole_folder
from foedus.publishing import metadata as about
from foedus.publishing.citing import citation, released_on
from foedus.publishing.examples import examples
from foedus.publishing.metadata import CODE, DATA, METADATA, Described
from foedus.publishing.statistics import PATH, statistics
from foedus.reference.statements import Statements

_DCTERMS = "http://purl.org/dc/terms/"
_DCAT_VERSION = "http://www.w3.org/ns/dcat#version"
_BESIDE_GRAPHS = {
    "manifest.json": "Digests and fingerprints of the graphs",
    "SHA256SUMS": "SHA-256 of the files of this folder",
}
#: Files at the top of a clone, the name of each in a release, what it is, and its licence.
_ALONE = (
    ("CHANGELOG.md", "CHANGELOG.md", "What changed, by version", CODE),
    ("CITATION.cff", "CITATION.cff", "How to cite this release", CODE),
    ("LICENSE", "LICENSE", "The licence of code and ontology", CODE),
    ("data/LICENSE", "LICENSE-DATA", "The licence of the data, and the terms of each source", DATA),
)


def release(folder: str, place: str, packages: str | None = None) -> str:
    """Write a release of the graph in `folder`, a clone, as the folder foedus-VERSION in `place`; gives its path.

    `packages` is a folder with the Python packages to put in. Whole or not at all.

    Raises InputError where the release is there already or cannot be written, where versions disagree, where the
    statistics are out of date, where the day of the version is told nowhere, and for a file that is missing.
    """
    cited = citation(folder)
    description = Statements([os.path.join(folder, "data", "dataset.ttl")])
    _agree(folder, cited.version, description.text(DATASET, _DCAT_VERSION))
    day = released_on(folder, cited.version)
    path = os.path.join(place, f"foedus-{cited.version}")
    try:
        os.makedirs(place, exist_ok=True)
    except OSError as error:
        raise InputError(error.strerror or str(error), where=place) from error
    with whole_folder(path) as aside:
        files = _Writer(folder, aside, description).all(packages)
        told = about.metadata(cited, day, description.text(DATASET, _DCTERMS + "description"), files, aside)
        save(os.path.join(aside, METADATA), json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return path


def _agree(folder: str, cited: str, described: str) -> None:
    """Raise InputError where the files tell of another version than this, or statistics of other files."""
    for name, version in (("CITATION.cff", cited), ("data/dataset.ttl", described)):
        if version != __version__:
            raise InputError(
                f"is of version {version or 'none'}, and the package of {__version__}",
                where=os.path.join(folder, name),
                todo="Give all files one version; docs/extending.md names them.",
            )
    path = os.path.join(folder, PATH)
    if not os.path.isfile(path) or read_bytes(path) != statistics(folder).encode():
        raise InputError("out of date", where=path, todo="`make format` makes it anew.")


class _Writer:
    """Writes the files of a release of the graph in `folder` to the folder `aside`, and tells what each is."""

    def __init__(self, folder: str, aside: str, description: Statements) -> None:
        self._folder = folder
        self._aside = aside
        self._description = description
        self._files: list[Described] = []

    def all(self, packages: str | None) -> list[Described]:
        """All files, with the Python packages in a folder where there is one."""
        self._whole_graph()
        self._graphs()
        self._ontology()
        for query in Catalog(self._folder).all():
            self._copy(f"queries/{query.slug}.rq", f"queries/{query.slug}.rq", query.question, CODE)
        save(self._path("sparql-examples.ttl"), examples(self._folder))
        self._tell("sparql-examples.ttl", "The saved queries as SIB SPARQL examples", CODE, about.SPEX)
        for path, name, what, licence in _ALONE:
            self._copy(path, name, what, licence)
        for name in _names(packages) if packages else []:
            kind = "wheel" if name.endswith(".whl") else "source"
            self._copy(os.path.abspath(os.path.join(packages or "", name)), f"packages/{name}", f"Python {kind}", CODE)
        return self._files

    def _whole_graph(self) -> None:
        for format, syntax in FORMATS.items():
            name = f"foedus.{syntax.file_extension}.gz"
            what = "The whole graph with its named graphs" if syntax.supports_datasets else "The union of all graphs"
            export_file(self._folder, format, self._path(name), compress=True)
            self._tell(name, what, DATA, f"{NS}{__version__}", f"{NS}shapes/{__version__}")

    def _graphs(self) -> None:
        export_parts(self._folder, "turtle", self._path("graph"))
        for name in _names(self._path("graph")):
            graph = graph_of(name)
            what = _BESIDE_GRAPHS.get(name) or self._title(graph) or name
            standards = {DATASET: (about.DCAT, about.VOID), STATISTICS: (about.VOID,)}.get(graph, ())
            ours = os.path.isfile(os.path.join(self._folder, "ontology", name))
            self._tell(f"graph/{name}", what, CODE if ours else DATA, *standards)

    def _ontology(self) -> None:
        for name in _names(os.path.join(self._folder, "ontology")):
            what = self._title(graph_of(name)) or "The JSON-LD context of the terms"
            standards = () if name.endswith(".jsonld") else (about.SHACL,) if name == "shapes.ttl" else (about.OWL,)
            self._copy(f"ontology/{name}", f"ontology/{name}", what, CODE, *standards)

    def _copy(self, path: str, name: str, what: str, licence: str, *conforms: str) -> None:
        """Copy a file; InputError says where it is missing."""
        os.makedirs(os.path.dirname(self._path(name)), exist_ok=True)
        with open(self._path(name), "wb") as out:
            out.write(read_bytes(os.path.join(self._folder, path)))
        self._tell(name, what, licence, *conforms)

    def _tell(self, name: str, what: str, licence: str, *conforms: str) -> None:
        self._files.append(Described(name, what, licence, conforms))

    def _title(self, graph: str) -> str:
        return self._description.text(graph, _DCTERMS + "title")

    def _path(self, name: str) -> str:
        return os.path.join(self._aside, name)


def _names(place: str) -> list[str]:
    """The names of the files in a folder, sorted. Raises InputError where it cannot be read."""
    try:
        return sorted(name for name in os.listdir(place) if os.path.isfile(os.path.join(place, name)))
    except OSError as error:
        raise InputError(error.strerror or str(error), where=place) from error
