"""Random valid queries, made from the schema itself: any field, any argument, any spelling.

Nothing here knows a mart: types come from introspection, and values from the published rows. What
the types cannot say (a dimension must be grouped by to be selected) is kept to most of the time, so
that refusals are asked for too. Hypothesis draws only the seed: of small draws it prefers extremes,
and most queries would ask for nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
)
from hypothesis import strategies as st

from graphql_api.catalogue.model import camel_case
from graphql_api.schema.reports import REPORTS
from tests.api.integration.documents import Enum, Field, Fragment, Operation, Selection

Values = Mapping[tuple[str, str], Sequence[Any]]
T = TypeVar("T")

_DATES = ("2025-12-31", "2026-01-01", "2026-02-15", "2026-03-31", "2024-02-29")
_INSTANTS = ("2026-01-05T07:30:00Z", "2026-02-28T23:59:59.999Z", "2026-03-01T00:00:00+05:45")

# Values by scalar, or by the argument they are for, besides those of the published rows.
EDGES: Mapping[str, Sequence[Any]] = {
    "BigInt": (0, 1, 2, -1, 350, 170701707, "100", 2**63 - 1),
    "Decimal": ("0", "0.01", 0, 1, "-1", "0.1707017070", "12.5", 1e-9),
    "Date": (*_DATES, "0001-01-01", "9999-12-31"),
    "DateTime": (*_INSTANTS, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    "Boolean": (True, False),
    "Int": (1, 2, 3, 25),
    "String": ("", "%", "no such value", "openai ", "·", "O'", "\\", '"', "\u0130", "1"),
    "ID": (1, 9, "10", "x"),
    "Duration": ("1h", "24h", "7d", "4w", "5000d"),
    "Period": ("7d", "30d", "90d"),
    "offset": (0, 1, 2, 10),
    "first": (0, 1, 2, 3, 7, 50, 1000),
    "page": (1, 1, 2, 0),
    "pageSize": (1, 2, 50, 1001),
    "tagFilter": ("", "mark", "MARK", "_", "%", "no such tag"),
    "period": ("7d", "30d", "90d", "1y"),
    "timezone": ("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"),
    "asOf": (
        "2026-03-20T12:00:00Z",
        "2026-03-31T23:59:59.999Z",
        "2026-04-01T00:00:00Z",
        "2024-03-01T00:00:00",
    ),
}


# Written by hand: their arguments are what they are, and allow any selection.
REPORTED = {camel_case(report.name) for report in REPORTS}

# What anyone may see, of all tenants together: no scope applies there.
PUBLIC = {camel_case(report.name) for report in REPORTS if report.is_public}


@dataclass(frozen=True)
class World:
    """What queries are drawn from: the schema, and values by (root field, column)."""

    schema: GraphQLSchema
    values: Values
    time_dimensions: Mapping[str, str]
    edges: Mapping[str, Sequence[Any]] = field(default_factory=lambda: EDGES)

    @property
    def roots(self) -> dict[str, GraphQLField]:
        assert self.schema.query_type is not None
        fields = self.schema.query_type.fields
        return {name: each for name, each in fields.items() if name not in PUBLIC}


@dataclass(frozen=True)
class Plan:
    """What one root field's arguments allow its selection to hold."""

    grouped: tuple[str, ...] | None
    time: str | None
    is_strict: bool
    row_fields: Mapping[str, str] = field(default_factory=dict)

    def allows(self, type_name: str, name: str) -> bool:
        if not self.is_strict:
            return True
        if name == "chart":
            return self.grouped is not None and self.time in self.grouped
        if self.grouped is None or not type_name.endswith("Row"):
            return True
        dimension = self.row_fields.get(name)
        return dimension is None or dimension in self.grouped


def operations(world: World) -> st.SearchStrategy[Operation]:
    """Operations of one root field, at times of two."""
    return st.randoms(use_true_random=True).map(lambda random: operation(random, world))


def operation(random: Random, world: World) -> Operation:
    # Marts with figures more often than lists of names.
    roots = [name for name in world.roots for _ in range(4 if name in world.time_dimensions else 1)]
    made = []
    for number in range(random.choice((1, 1, 1, 1, 2))):
        maker = _Maker(random, world, random.choice(roots))
        made.append(maker.wrapped(maker.call(f"answer{number}"), "Query"))
    return Operation(tuple(made), random.choice((0, 0, 1, 3, 7)), random.randrange(8))


class _Maker:
    def __init__(self, random: Random, world: World, root: str) -> None:
        self.random, self.world, self.root = random, world, root
        self.time = world.time_dimensions.get(root)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def some(self, values: Sequence[T], least: int, most: int) -> list[T]:
        count = self.random.randint(least, most)
        return self.random.sample(values, min(count, len(values)))

    def call(self, alias: str) -> Field:
        """The root field with arguments and a selection that fit each other, most of the time."""
        definition = self.world.roots[self.root]
        if self.root in REPORTED:
            arguments, plan = self.report_arguments(dict(definition.args)), Plan(None, None, False)
        else:
            arguments, plan = self.arguments(dict(definition.args))
        result = get_named_type(definition.type)
        assert isinstance(result, GraphQLObjectType)
        selections = self.selection(result, plan)
        if "pageInfo" in result.fields and self.chance(40):
            selections = (*selections, Field("pageInfo", "walk", {}, (Field("endCursor"),)))
        return Field(self.root, alias, arguments, selections, dict(definition.args))

    # Arguments.

    def arguments(self, args: Mapping[str, GraphQLArgument]) -> tuple[dict[str, Any], Plan]:
        is_strict = not self.chance(8)
        dimensions = _enum_names(args["groupBy"].type)
        grouped = self.group_by(dimensions)
        given: dict[str, Any] = {}
        if grouped is not None:
            given["groupBy"] = [Enum(name) for name in grouped]
        for name, likely in (("filter", 60), ("having", 25)):
            if name in args and self.chance(likely):
                given[name] = self.value(args[name].type, name, 2)
        by_time = grouped is not None and self.time in grouped
        for name in ("timeGrain", "fill"):
            if name in args and self.chance((60 if by_time else 0) if is_strict else 50):
                given[name] = self.value(args[name].type, name, 0)
        if is_strict and "fill" in given and "timezone" in args:
            # Instants have no period of their own to fill by.
            given.setdefault("timeGrain", Enum("MONTH"))
        if self.chance(40):
            order = self.value(args["orderBy"].type, "orderBy", 0)
            absent = set(dimensions if grouped is not None and is_strict else ()) - set(
                grouped or ()
            )
            given["orderBy"] = [each for each in order if each["field"] not in absent]
        for name, likely in (("first", 50), ("timezone", 25), ("asOf", 85), ("after", 20)):
            if name in args and name in self.world.edges and self.chance(likely):
                given[name] = self.random.choice(self.world.edges[name])
        if is_strict and grouped:
            given |= self.comparing(args, grouped, by_time, given)
        if "after" not in given and self.chance(15):
            given["offset"] = self.random.choice(self.world.edges["offset"])
        row_fields = {camel_case(name.lower()): name for name in dimensions}
        return given, Plan(grouped, self.time, is_strict, row_fields)

    def comparing(
        self,
        args: Mapping[str, GraphQLArgument],
        grouped: Sequence[str],
        by_time: bool,
        given: Mapping[str, Any],
    ) -> dict[str, Any]:
        """The top of a dimension, and comparisons where there is something to compare with."""
        found: dict[str, Any] = {}
        if "top" in args and self.chance(40):
            top = self.value(args["top"].type, "top", 0)
            fitting = [name for name in self.top_dimensions(args["top"]) if name in grouped]
            if fitting:
                chosen = Enum(self.random.choice(fitting))
                found["top"] = {**top, "dimension": chosen, "count": self.random.randint(1, 3)}
        if "compareTo" in args and self.chance(40):
            found["compareTo"] = self.value(args["compareTo"].type, "compareTo", 0)
            if self.time and self.chance(80):
                start = {camel_case(self.time.lower()): {"gte": "2025-06-01"}}
                if get_named_type(args["filter"].type) and "timezone" in args:
                    start = {camel_case(self.time.lower()): {"gte": "2025-06-01T00:00:00Z"}}
                both = [start, *([given["filter"]] if "filter" in given else [])]
                found["filter"] = {"and": both}
        return found

    def top_dimensions(self, argument: GraphQLArgument) -> list[str]:
        kind = get_named_type(argument.type)
        assert isinstance(kind, GraphQLInputObjectType)
        return _enum_names(kind.fields["dimension"].type)

    def report_arguments(self, args: Mapping[str, GraphQLArgument]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, each in args.items():
            # Reports may say which instant they are about: two calls must mean the same one.
            is_given = name == "asOf" or isinstance(each.type, GraphQLNonNull)
            if not (is_given or self.chance(70)):
                continue
            # Of an enum, the schema says all values there are.
            is_scalar = isinstance(get_named_type(each.type), GraphQLScalarType)
            edges = self.world.edges.get(name) if is_scalar else None
            given[name] = self.random.choice(edges) if edges else self.value(each.type, name, 2)
        return given

    def group_by(self, dimensions: Sequence[str]) -> tuple[str, ...] | None:
        if self.chance(25):
            return None
        names = self.some(dimensions, 0, 3)
        if self.time and self.time not in names and self.chance(50):
            names = [self.time, *names]
        return tuple(names)

    # Values, by type.

    def value(self, kind: GraphQLInputType, name: str, depth: int) -> Any:
        match kind:
            case GraphQLNonNull():
                return self.value(kind.of_type, name, depth)
            case GraphQLList():
                count = self.random.randint(0 if self.chance(10) else 1, 3)
                return [self.value(kind.of_type, name, depth) for _ in range(count)]
            case GraphQLEnumType():
                return Enum(self.random.choice(sorted(kind.values)))
            case GraphQLInputObjectType():
                return self.input_object(kind, name, depth)
            case GraphQLScalarType():
                return self.scalar(kind.name, name)
        raise TypeError(f"no values of {kind}")

    def input_object(self, kind: GraphQLInputObjectType, name: str, depth: int) -> dict[str, Any]:
        fields = kind.fields
        joining = [key for key in ("and", "or", "not") if key in fields]
        required = [key for key, each in fields.items() if isinstance(each.type, GraphQLNonNull)]
        optional = [key for key in fields if key not in (*required, *joining)]
        keys = [*required, *(self.some(optional, 1, 2) if optional else [])]
        if joining and depth and self.chance(35):
            keys.append(self.random.choice(joining))
        given = {}
        for key in keys:
            # A column's name stays in sight below it, because its values are known by that name.
            is_column = bool(joining) and key not in joining
            deeper = depth - (key in joining)
            given[key] = self.value(fields[key].type, key if is_column else name, deeper)
        return given

    def scalar(self, kind: str, name: str) -> Any:
        usual = [v for v in self.world.values.get((self.root, name), ()) if _fits(kind, v)]
        if not usual or self.chance(20):
            return self.random.choice(self.world.edges[kind])
        value = self.random.choice(usual)
        return value[: self.random.randint(1, 8)] if kind == "String" and self.chance(10) else value

    # Selections, by type.

    def selection(self, kind: GraphQLObjectType, plan: Plan) -> tuple[Selection, ...]:
        possible = [name for name in kind.fields if plan.allows(kind.name, name)]
        chosen = self.some([*possible, "__typename"], 1, 5)
        return tuple(
            made
            for number, name in enumerate(chosen)
            for made in self.field(kind, name, number, plan)
        )

    def field(self, kind: GraphQLObjectType, name: str, number: int, plan: Plan) -> list[Selection]:
        if name == "__typename":
            return [Field(name)]
        definition = kind.fields[name]
        alias = f"{name}{number}" if self.chance(15) else None
        args = dict(definition.args)
        arguments = {key: self.value(each.type, key, 0) for key, each in args.items()}
        below = get_named_type(definition.type)
        made = []
        # The same field at times stands twice, for clients merge what they select.
        for _ in range(2 if self.chance(10) else 1):
            inner = self.selection(below, plan) if isinstance(below, GraphQLObjectType) else ()
            made.append(self.wrapped(Field(name, alias, arguments, inner, args), kind.name))
        return made

    def wrapped(self, each: Field, type_name: str) -> Selection:
        """The field as it is, in some kind of fragment, or under a directive."""
        match self.random.randrange(12):
            case 0:
                return Fragment((each,), type_name, is_named=True)
            case 1:
                return Fragment((each,), type_name)
            case 2:
                return Fragment((each,), None)
            case 3:
                return Fragment((each,), None, condition=("include", True))
            case 4:
                left_out = Fragment((each,), None, condition=("skip", True))
                return Fragment((Field("__typename"), left_out), None)
            case _:
                return each


def _enum_names(kind: GraphQLInputType) -> list[str]:
    named = get_named_type(kind)
    assert isinstance(named, GraphQLEnumType)
    return list(named.values)


def _fits(kind: str, value: object) -> bool:
    match kind:
        case "BigInt" | "Int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
        case "Duration" | "Period":
            # Operators of a column whose values are instants.
            return False
        case _:
            return isinstance(value, str)
