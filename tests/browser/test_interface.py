"""The HTTP interface against its own description."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.browser.conftest import fetched

_HERE = Path(__file__).parent


def test_what_is_offered_is_what_the_description_says(site: str, tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "schemathesis"
    command = [str(program), "--config-file", str(_HERE / "schemathesis.toml"), "run", f"{site}/openapi.json"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", "2", "--seed", "5"]
    command += ["--generation-database", "none", "--no-color", "--request-timeout", "60"]
    env = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(_HERE)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    assert "Tested: 90" in done.stdout


@pytest.mark.parametrize("path", ["/queries/counts", "/queries/graph-of-relations", "/store"])
def test_each_format_of_the_description_is_sent_and_no_other(site: str, path: str) -> None:
    described = json.loads(fetched(f"{site}/openapi.json"))["paths"][path]["get"]["responses"]
    url = f"{site}{path}" + ("?default" if path == "/store" else "")
    assert len(described["200"]["content"]) > 3
    for media_type in described["200"]["content"]:
        request = urllib.request.Request(url, headers={"Accept": media_type})
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.headers.get_content_type() == media_type
    assert "406" in described
    with pytest.raises(urllib.error.HTTPError, match="406"):
        fetched(url, "image/png")
