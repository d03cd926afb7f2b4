"""The built wheel: carries ontology, data and queries, and works outside the clone in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = place.glob("foedus-*.whl")
    return built


def test_it_carries_everything(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for part, ending in (("ontology", ".ttl"), ("data", ".ttl"), ("queries", ".rq")):
        for path in (ROOT / part).glob("*" + ending):
            assert f"foedus/{part}/{path.name}" in names
    for kept in ("py.typed", "queries/columns.yaml", "web/templates/home.html", "web/words/uk.toml"):
        assert f"foedus/{kept}" in names
    texts = {name for name in names if name.endswith(".txt") and "licenses" not in name and "entry" not in name}
    assert texts <= {"foedus/web/static/vendor/licences.txt"}
    assert not any("tests/" in name for name in names)
    metadata = zipfile.ZipFile(wheel).read(next(n for n in names if n.endswith("/METADATA"))).decode()
    assert "License-Expression: Apache-2.0 AND CC-BY-4.0" in metadata
    assert "License-File: LICENSE" in metadata


def test_it_answers_outside_the_clone(wheel: Path, tmp_path: Path) -> None:
    """Installed in a fresh environment; its dependencies are lent by the one that the tests run in."""
    place = tmp_path / "env"
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    target = next((place / "lib").glob("python3*/site-packages"))
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True)
    lent = next(p for p in sys.path if p.endswith("site-packages"))
    (target / "lent.pth").write_text(f"import sys; sys.path.append({lent!r})\n")
    where = subprocess.run(
        [python, "-c", "import foedus; print(foedus.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert where.stdout.startswith(str(target))
    env = {"PATH": os.defpath, "HOME": str(tmp_path), "FOEDUS_CACHE": str(tmp_path / "cache")}
    for command in (["run", "counts"], ["validate"], ["show", "nato"]):
        done = subprocess.run(
            [python, "-m", "foedus", *command], check=False, capture_output=True, text=True, cwd=tmp_path, env=env
        )
        assert done.returncode == 0, done.stderr
    assert "foedus" in done.stdout
