"""One meaning, one name, one text: the naming rules of CONTRIBUTING.md for every column."""

import re
from collections import defaultdict

from tests.project.artifacts import Json, Project

# Periods are named as themselves; see CONTRIBUTING.md.
PERIODS = {"month", "day", "date_day"}
HOUR = "hour"
TOKENS = re.compile(r"\w*_tokens")
MONEY = re.compile(r"\w+_usd")
UNIT_PRICE = re.compile(r"\w+_usd_per_(1m_)?tokens?")
DURATION = re.compile(r"\w+_[mu]s")
# Numbers that nobody adds up.
CODE = re.compile(r"\w+_code|bucket")
BOOLEAN = re.compile(r"(is|has)_\w+")
UNITS = {
    "usd": MONEY,
    "usd_per_token": UNIT_PRICE,
    "tokens": TOKENS,
    "ms": re.compile(r"\w+_ms"),
    "us": re.compile(r"\w+_us"),
    "credits": re.compile(r"credits(_per_request)?"),
    "count": re.compile(r"\w+s|value_count"),
    # Of several quantities, each in its own unit.
    "value": re.compile(r"value_(sum|min|max)"),
    "stars": re.compile(r"rating"),
    "instant": re.compile(r"\w+_at"),
}

# Texts that differ on purpose, and why.
OTHER_TEXTS = {
    ("dim_providers", "is_priced"): "of a provider: whether its calls can have a price at all",
    ("providers", "is_priced"): "the seed behind dim_providers",
    **{
        (table, column): "of a price, as its list has it: not of a request"
        for table in (
            *("price_book", "price_overrides", "int_price_periods_left"),
            *("int_price_book_prices", "int_model_prices", "dim_model_prices"),
        )
        for column in ("provider", "model", "processing")
    },
    **{
        (table, "price_source"): "of a price, which stands there whether a request costs it or not"
        for table in ("int_model_prices", "int_price_book_prices", "dim_model_prices")
    },
    **{
        (table, "provider"): "of the rules by which prices are found"
        for table in (
            *("price_book_names", "price_book_providers", "price_book_fallbacks"),
            *("price_provider_aliases", "model_aliases"),
        )
    },
    ("int_own_price_periods_left", "model"): "of a price, as its list has it: not of a request",
    **{
        (table, column): "what it is of an observation and of a correction"
        for table in ("hist_kaapi__model_configs", "hist_kaapi__price_corrections")
        for column in ("valid_from_at", "valid_to_at")
        if (table, column) != ("hist_kaapi__model_configs", "valid_to_at")
    },
    ("hist_kaapi__price_corrections", "reason"): "of a correction, not of an override",
    ("price_book_names", "model"): "of the rules by which prices are found",
    ("stg_kaapi__model_configs", "input_price_usd_per_token"): "null before prices are chosen",
    ("stg_kaapi__model_configs", "output_price_usd_per_token"): "null before prices are chosen",
}


def kind(column: Json) -> str:
    return str(column["data_type"]).split("(")[0]


def misnamed(project: Project, data_type: str, pattern: re.Pattern[str]) -> list[str]:
    """Columns of a type whose names do not fit, or names of the pattern with another type."""
    return [
        f"{mart['name']}.{column['name']} {column['data_type']}"
        for mart in project.marts
        for column in mart["columns"].values()
        if (kind(column) == data_type) is not bool(pattern.fullmatch(column["name"]))
    ]


def test_names_are_lower_snake_case(project: Project):
    names = {column["name"] for _, column in project.columns()}
    assert not [name for name in names if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)]


def test_instants_end_in_at_and_nothing_else_does(project: Project):
    assert not misnamed(project, "timestamptz", re.compile(rf"\w+_at|{HOUR}"))


def test_dates_end_in_date_or_are_named_as_their_period(project: Project):
    assert not misnamed(project, "date", re.compile(rf"\w+_date|{'|'.join(PERIODS)}"))


def test_booleans_begin_with_is_or_has(project: Project):
    assert not misnamed(project, "boolean", BOOLEAN)


def test_decimals_are_money_or_prices(project: Project):
    money = re.compile(f"{MONEY.pattern}|{UNIT_PRICE.pattern}")
    assert not misnamed(project, "decimal", money)


def test_ids_are_texts(project: Project):
    wrong = [
        f"{mart['name']}.{column['name']}"
        for mart in project.marts
        for column in mart["columns"].values()
        if column["name"].endswith("_id") and kind(column) != "string"
    ]
    assert not wrong


def test_whole_numbers_are_tokens_durations_or_counts(project: Project):
    for mart in project.marts:
        for name, column in mart["columns"].items():
            unit = column["config"]["meta"].get("unit")
            if kind(column) == "bigint" and not CODE.fullmatch(name):
                assert unit in UNITS, (
                    f"{mart['name']}.{name} is a number in {unit or 'no unit'}: add "
                    f"config.meta.unit to the column, one of {', '.join(UNITS)}"
                )
            elif TOKENS.fullmatch(name) or DURATION.fullmatch(name):
                raise AssertionError(f"{mart['name']}.{name} is a {kind(column)}")


def test_the_unit_is_in_the_name(project: Project):
    for mart in project.marts:
        for name, column in mart["columns"].items():
            unit = column["config"]["meta"].get("unit")
            if unit is None and not CODE.fullmatch(name):
                assert kind(column) not in ("bigint", "decimal"), (
                    f"{mart['name']}.{name} is a number without a unit: add config.meta.unit"
                )
            elif unit is not None:
                assert UNITS[unit].fullmatch(name), f"{mart['name']}.{name} is in {unit}"
            if unit == "count":
                assert not TOKENS.fullmatch(name)
                assert not DURATION.fullmatch(name)


def test_metrics_follow_the_same_rules(project: Project):
    for metric in project.semantic["metrics"]:
        unit = metric["config"]["meta"].get("unit", "")
        if unit.startswith("usd"):
            assert "_usd" in metric["name"], metric["name"]
        if unit.startswith("tokens"):
            assert "tokens" in metric["name"], metric["name"]


def test_a_name_has_one_text_wherever_it_stands(project: Project):
    texts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for node in (*project.models, *project.seeds):
        for column in node["columns"].values():
            if (node["name"], column["name"]) not in OTHER_TEXTS:
                texts[column["name"]][column["description"].strip()].append(node["name"])
    several = {name: dict(found) for name, found in texts.items() if len(found) > 1}
    assert not several, "write the text once, as a docs block in models/docs/columns.md"


def test_a_text_used_twice_is_a_docs_block_named_as_the_column(project: Project):
    used = defaultdict(list)
    for node, column in project.columns():
        used[column["name"]].append((node["name"], column.get("doc_blocks") or []))
    for name, places in used.items():
        for node, blocks in places:
            if len(places) > 1 and (node, name) not in OTHER_TEXTS:
                assert [block.rpartition(".")[2] for block in blocks] == [name], f"{node}.{name}"


def test_no_docs_block_is_left_over(project: Project):
    columns = {column["name"] for _, column in project.columns()}
    measures = {
        measure["name"]
        for model in project.semantic["semantic_models"]
        for measure in model["measures"]
    }
    ours = [doc for doc in project.manifest["docs"].values() if doc["package_name"] != "dbt"]
    assert {doc["name"] for doc in ours} <= columns | measures


def test_exceptions_are_still_needed(project: Project):
    described = {
        (node["name"], column["name"]): column["description"].strip()
        for node in (*project.models, *project.seeds)
        for column in node["columns"].values()
    }
    assert set(OTHER_TEXTS) <= set(described)
    for (node, name), _ in OTHER_TEXTS.items():
        others = {text for (_, each), text in described.items() if each == name}
        assert len(others) > 1, f"{node}.{name} has the same text as everywhere by now"
