"""Headings and tables of Markdown documents."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


class Heading(NamedTuple):
    level: int
    title: str

    @property
    def anchor(self) -> str:
        """Its anchor as GitHub writes it."""
        kept = re.sub(r"[^\w\- ]", "", self.title.lower())
        return kept.replace(" ", "-")


def headings(text: str) -> list[Heading]:
    """Headings of a document, code blocks left out."""
    return [
        Heading(len(found[1]), found[2].strip())
        for found in _HEADING.finditer(_FENCED.sub("", text))
    ]


def sections(text: str, level: int = 2) -> Iterator[tuple[Heading, str]]:
    """Each heading of a level, with the text below it."""
    mark = "#" * level
    for part in re.split(rf"^{mark} ", text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        yield Heading(level, title.strip()), body


def anchors(path: Path) -> set[str]:
    return {heading.anchor for heading in headings(path.read_text())}
