"""Answers that are kept: of one caller's scope, one published build and one day, never of others.

What is asked is known by the bytes of the request. Who asks, and which build is published, was said
by the database with an answer not longer ago than ``FRESH_SECONDS``; else it is asked again before
anything that is kept goes out. So a revoked key or a new build takes effect within that time, and
at once where this process has heard of the build.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import TypeAlias

from graphql_api.auth.assumed import Caller, Checked
from graphql_api.bounded import BoundedCache
from graphql_api.query.request import Scope
from graphql_api.received import Asked

FRESH_SECONDS = 1.0
_KEPT_PASSES_BYTES = 2_000_000

# The bytes of a request, whose rows may be seen, and the UTC day.
Key: TypeAlias = tuple[Asked, Scope, date]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, and the build that it is of or older than."""

    content: bytes
    build_id: str


class Results:
    """Keeps answers in so many bytes; with none it keeps nothing."""

    def __init__(self, most_bytes: int) -> None:
        """Begin with none."""
        self.is_on = most_bytes > 0
        self._kept: BoundedCache[Key, Kept] = BoundedCache(most_bytes)
        self._passes: BoundedCache[bytes, float] = BoundedCache(_KEPT_PASSES_BYTES)
        self._build_id: str | None = None

    def find(self, asked: Asked, scope: Scope, day: date) -> Kept | None:
        """What is kept; whether it may go out, ``is_current`` and ``is_checked`` tell."""
        return self._kept.get((asked, scope, day)) if self.is_on else None

    def keep(self, asked: Asked, scope: Scope, day: date, content: bytes, checked: Checked) -> None:
        """Keep an answer that came with what was said of the build."""
        if self.is_on and checked.build_id is not None:
            kept = Kept(content, checked.build_id)
            self._kept.put((asked, scope, day), kept, len(asked[1]) + len(content))

    def note(self, caller: Caller, checked: Checked) -> None:
        """Remember what the database said of a caller, and of the build."""
        if checked.is_as_assumed:
            self._passes.put(caller.digest, monotonic(), len(caller.digest))
            self._build_id = checked.build_id
        else:
            self._passes.drop(caller.digest)

    def is_checked(self, caller: Caller) -> bool:
        """Whether the caller was looked up a moment ago."""
        passed_at = self._passes.get(caller.digest)
        return passed_at is not None and monotonic() - passed_at < FRESH_SECONDS

    def is_current(self, kept: Kept) -> bool:
        """Whether the build is the one that was last heard of."""
        return kept.build_id == self._build_id

    def forget_checks(self) -> None:
        """Something was published: ask before anything else goes out."""
        self._passes.clear()


def tag_of(content: bytes) -> bytes:
    """The entity tag of an answer."""
    return b'"' + hashlib.blake2b(content, digest_size=16).hexdigest().encode() + b'"'
