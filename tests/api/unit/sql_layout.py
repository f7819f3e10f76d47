"""Lays a generated statement out for reviewers: one clause, column or condition per line."""

import re

_TOKEN = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|%\([^)]+\)s(?:::[A-Z]+(?:\[\])?)*|\w+|\s+|[<>!]=|<>|\|\||[^\w\s]"
)
_CLAUSES = {"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "AND", "OR", "UNION", "SELECT"}
_JOINS = {"JOIN", "LEFT"}


def laid_out(sql: str) -> str:
    """The same tokens with other white space."""
    words = [token for token in _TOKEN.findall(sql) if not token.isspace()]
    lines, line, depths, clauses = [""], "", [True], [""]

    def newline() -> None:
        nonlocal line
        if line.strip():
            lines.append(line.rstrip())
        line = "    " * (depths.count(True) - 1)

    for index, word in enumerate(words):
        before, after = words[index - 1] if index else "", "".join(words[index + 1 : index + 2])
        if word == ")":
            clauses.pop()
            if depths.pop():
                newline()
        elif depths[-1] and _starts_a_line(word, before):
            newline()
        if word in _CLAUSES and word not in ("AND", "OR"):
            clauses[-1] = word
        line += ("" if _is_glued(before, word, line) else " ") + word
        if word == "(":
            depths.append(after in ("SELECT", "WITH"))
            clauses.append("")
            if depths[-1]:
                newline()
        elif word == "," and depths[-1] and clauses[-1] not in ("GROUP", "ORDER"):
            newline()
    lines.append(line)
    return "\n".join(lines[1:]) + "\n"


def _starts_a_line(word: str, before: str) -> bool:
    if word == "JOIN":
        return before != "OUTER"
    if word == "FROM":
        return before != "DISTINCT"
    return (word in _CLAUSES or word in _JOINS) and before not in ("(", "")


def _is_glued(before: str, word: str, line: str) -> bool:
    if not line.strip() or before in ("(", ".", "") or word in (")", ",", "."):
        return True
    if ":" in (before, word):
        return True
    return word == "(" and re.fullmatch(r"[a-z_]\w*|CAST", before) is not None
