"""An engine in this process, asked as a graph asks its own process: what answers a request is a process already."""

from __future__ import annotations

from foedus.datasets import Selection
from foedus.engines import Result, Settings
from foedus.engines.embedded import EmbeddedEngine


class Here:
    """Asks the engine at once. There is no time limit: whoever asked this process has one."""

    def __init__(self, engine: EmbeddedEngine, settings: Settings) -> None:
        self._engine = engine
        self.settings = settings

    def ask(self, query: str, selection: Selection, seconds: float) -> tuple[Result, list[str]]:
        """The engine's result and its warnings."""
        result = self._engine.evaluate(query, selection)
        warnings, self._engine.warnings = self._engine.warnings, []
        return result, warnings

    def close(self) -> None:
        """Nothing is to be ended."""
