"""The arguments of a mart field: read into the words of the query layer, contradictions refused."""

import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from strawberry import UNSET

from graphql_api.catalogue.model import Grain, Mart
from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import Comparison, Fill, OrderTerm, Predicate, Top
from graphql_api.schema.conditions import predicate
from graphql_api.schema.inputs import SortDirection

MAX_TOP = 1_000


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a caller gave, as values of the query layer. Every reader may raise InvalidQueryError.

    ``now`` is what `asOf` is by default; UTC without zone.
    """

    mart: Mart
    given: Mapping[str, object]
    now: datetime

    def _get(self, name: str) -> object:
        value = self.given.get(name)
        return None if value is UNSET else value

    def _list(self, name: str) -> Iterable[object]:
        value = self._get(name)
        return value if isinstance(value, list) else ()

    @property
    def as_of(self) -> datetime:
        """The end of relative windows."""
        given = self._get("as_of")
        return given if isinstance(given, datetime) else self.now

    @property
    def group_by(self) -> tuple[str, ...] | None:
        """Columns to group by, each once; None: the mart's own rows."""
        if self._get("group_by") is None:
            return None
        return tuple(dict.fromkeys(_named(each) for each in self._list("group_by")))

    @property
    def time_grain(self) -> Grain | None:
        """Length of periods, which the mart's rows must add up to."""
        grain = self._get("time_grain")
        if not isinstance(grain, Grain):
            return None
        time = self.mart.time
        if time is None or time.name not in (self.group_by or ()):
            raise InvalidQueryError(
                f"timeGrain: {self.mart.label} must be grouped by its time dimension "
                f"({time.name.upper() if time else 'it has none'}) to be cut into periods",
                argument="timeGrain",
            )
        if time.grain and not time.grain.can_be_cut_into(grain):
            possible = [each.name for each in Grain if time.grain.can_be_cut_into(each)]
            raise InvalidQueryError(
                f"timeGrain: {self.mart.label} holds whole {time.grain.value}s, which cannot "
                f"be cut into {grain.name}; choose from {', '.join(possible)}",
                argument="timeGrain",
                allowed=possible,
            )
        return grain

    @property
    def timezone(self) -> str | None:
        """An IANA zone; None: UTC."""
        return zone_named(self._get("timezone"))

    @property
    def order_by(self) -> tuple[OrderTerm, ...]:
        """What to sort by."""
        terms, group_by = [], self.group_by
        for each in self._list("order_by"):
            name = _named(getattr(each, "field", None))
            if name in self.mart.dimensions and group_by is not None and name not in group_by:
                raise InvalidQueryError(
                    f"orderBy: {name.upper()} is not in groupBy: groups have no one value of it; "
                    f"choose from {', '.join(k.upper() for k in group_by) or 'the measures'}",
                    argument="orderBy",
                )
            is_descending = getattr(each, "direction", None) is SortDirection.DESC
            terms.append(OrderTerm(name, is_descending))
        return tuple(terms)

    @property
    def fill(self) -> Fill | None:
        """What periods without rows show."""
        fill = self._get("fill")
        return fill if isinstance(fill, Fill) else None

    @property
    def after(self) -> str | None:
        """The cursor of the row before the page."""
        after = self._get("after")
        return after if isinstance(after, str) else None

    @property
    def offset(self) -> int:
        """How many rows lie before the page."""
        offset = self.given.get("offset", 0)
        if not isinstance(offset, int) or offset < 0:
            raise InvalidQueryError(f"offset: {offset} is not at least 0", argument="offset")
        if offset and self.after is not None:
            raise InvalidQueryError(
                "offset: `after` says where the page begins; give one of both", argument="offset"
            )
        return offset

    @property
    def top(self) -> Top | None:
        """Which groups are shown by themselves."""
        given = self._get("top")
        if given is None:
            return None
        count = getattr(given, "count", 0)
        if not 1 <= count <= MAX_TOP:
            raise InvalidQueryError(
                f"top: count is {count}, not between 1 and {MAX_TOP:,}", argument="top.count"
            )
        return Top(
            dimension=_named(getattr(given, "dimension", None)),
            count=count,
            by=_named(getattr(given, "by", None)),
            has_other=bool(getattr(given, "other", True)),
        )

    @property
    def compare_to(self) -> tuple[Comparison, ...]:
        """Earlier windows, each once."""
        given = (each for each in self._list("compare_to") if isinstance(each, Comparison))
        return tuple(dict.fromkeys(given))

    def first(self, most: int, *, with_nodes: bool) -> int:
        """How many rows the page has, at most ``most``; none only where none are selected."""
        first, least = self.given.get("first"), 1 if with_nodes else 0
        if not isinstance(first, int) or not least <= first <= most:
            remedy = "select no nodes" if first == 0 else "ask for less and page with after"
            raise InvalidQueryError(
                f"first: {first} is not between {least} and {most}; {remedy}", argument="first"
            )
        return first

    def conditions(self, name: str) -> Predicate | None:
        """The predicate of `filter` or `having`."""
        return predicate(self._get(name), self.mart, self.as_of, name, self.timezone)


def zone_named(given: object) -> str | None:
    """The IANA zone that a caller named; None: UTC.

    Raises:
        InvalidQueryError: there is none of that name.
    """
    if not isinstance(given, str) or given == "UTC":
        return None
    try:
        return zoneinfo.ZoneInfo(given).key
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise InvalidQueryError(
            f"timezone: {given!r} is no IANA zone such as Europe/Berlin or Asia/Kathmandu",
            argument="timezone",
        ) from None


def _named(member: object) -> str:
    """The column that an enum member stands for."""
    return str(getattr(member, "value", member))
