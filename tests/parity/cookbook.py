"""Cookbook documents: a GraphQL query, and the expression that turns its answer into the figure."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.dbt import PROJECT_ROOT

COOKBOOK = PROJECT_ROOT / "docs" / "cookbook"


@dataclass(frozen=True)
class Recipe:
    """One document; `expression` is JMESPath over `{data, variables}`."""

    figure: str
    text: str

    @property
    def answer_path(self) -> Path:
        return COOKBOOK / f"{self.figure}.json"

    @property
    def expression(self) -> str:
        return self._stated("figure")

    @property
    def example(self) -> dict[str, Any]:
        """The variables that the stored answer on the sample rows was asked with."""
        return dict(json.loads(self._stated("variables")))

    @property
    def header(self) -> list[str]:
        """The comment lines that the document starts with, without their mark."""
        lines = []
        for line in self.text.splitlines():
            if not line.startswith("#"):
                break
            lines.append(line.removeprefix("#").removeprefix(" "))
        return lines

    def _stated(self, name: str) -> str:
        """What follows `name =` in the header: that line, and those that are indented below it."""
        header = self.header
        starts = [n for n, line in enumerate(header) if re.match(rf"{name} = ", line)]
        assert len(starts) == 1, f"{self.figure}: one comment line must start with `{name} = `"
        start = starts[0]
        below = [line.strip() for line in header[start + 1 :]]
        indented = [line.startswith("  ") for line in header[start + 1 :]]
        count = indented.index(False) if False in indented else len(indented)
        first = header[start].removeprefix(f"{name} = ")
        return "\n".join([first, *below[:count]])


def recipes() -> dict[str, Recipe]:
    found = sorted(COOKBOOK.glob("*.graphql"))
    return {path.stem: Recipe(path.stem, path.read_text(encoding="utf-8")) for path in found}
