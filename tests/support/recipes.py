"""The recipes of CONTRIBUTING.md: their blocks, written into a copy of this project."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.support.checkout import MADE_BY_USE, PROJECT_ROOT

PAGE = PROJECT_ROOT / "CONTRIBUTING.md"
BLOCK = re.compile(
    r"^ *`(?P<path>[\w./]+)`(?:, (?P<how>at the end|(?:after|before) `(?P<place>[^\n]+)`))?:\n\n"
    r"(?P<indent> *)```\w+\n(?P<text>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """What goes into a file: all of it, or what stands at its end or beside one of its lines."""

    path: str
    how: str | None
    place: str | None
    text: str

    def write(self, root: Path) -> None:
        """Write or edit the file in a copy of the project."""
        file = root / self.path
        if self.how is None:
            assert not file.exists(), f"{self.path} is there: say where in it the block goes"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text)
        elif self.place is None:
            file.write_text(file.read_text() + self.text)
        else:
            before, line = file.read_text(), f"\n{self.place}\n"
            found = before.count(line)
            assert found == 1, f"{self.path} has {found} lines {self.place!r}"
            both = (self.text, line[1:]) if self.how.startswith("before") else (line[1:], self.text)
            file.write_text(before.replace(line, "\n" + "".join(both)))


def recipe(heading: str) -> list[Block]:
    """The blocks below a heading of CONTRIBUTING.md, in their order."""
    section = PAGE.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = [
        Block(each["path"], each["how"], each["place"], _without_indent(each))
        for each in BLOCK.finditer(section)
    ]
    assert blocks, f"{PAGE.name} has no blocks of files below {heading!r}"
    return blocks


def _without_indent(block: re.Match[str]) -> str:
    """A block in a list is indented as the list is; what its text has beyond that is its own."""
    indent = block["indent"]
    return "".join(line.removeprefix(indent) for line in block["text"].splitlines(keepends=True))


def copied_project(root: Path) -> Path:
    """The files of this checkout in a new folder."""
    shutil.copytree(PROJECT_ROOT, root, ignore=shutil.ignore_patterns(*MADE_BY_USE))
    return root


def follow(heading: str, root: Path) -> list[str]:
    """Do what a recipe says in a copy of the project; the files that it names."""
    blocks = recipe(heading)
    for block in blocks:
        block.write(root)
    return sorted({block.path for block in blocks})
