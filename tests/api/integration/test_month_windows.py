"""Which months a question about months is about, against plain SQL on the published mart."""

import pytest

from tests.api.integration import tenants
from tests.api.integration.apis import TenantsWarehouse
from tests.api.integration.callers import Api, Question

pytestmark = pytest.mark.database

# 24 months before the month of tenants.AS_OF, 2026-03-20.
DEFAULT = "month >= '2024-03-01'"
WINDOWS = [
    # Without a start, 24 months before the end, else before now; never an end.
    ("{}", DEFAULT),
    ('{lte: "2025-06-17"}', "month between '2023-06-01' and '2025-06-01'"),
    ('{lt: "2025-06-17"}', "month >= '2023-05-01' and month < '2025-06-01'"),
    ('{lt: "2025-06-01"}', "month >= '2023-05-01' and month < '2025-06-01'"),
    ('{lte: "2038-01-31"}', "month between '2036-01-01' and '2038-01-01'"),
    ("{isNull: false}", DEFAULT),
    ('{ne: "2026-01-31"}', f"{DEFAULT} and month <> '2026-01-01'"),
    (
        '{notIn: ["2026-01-31", "2026-02-01"]}',
        f"{DEFAULT} and month not in ('2026-01-01', '2026-02-01')",
    ),
    # Any date means its month, whatever it is compared by.
    ('{eq: "2026-01-31"}', "month = '2026-01-01'"),
    ('{in: ["2026-01-31", "2024-02-29"]}', "month in ('2026-01-01', '2024-02-01')"),
    ('{gte: "2026-01-31"}', "month >= '2026-01-01'"),
    ('{gt: "2026-01-01"}', "month > '2026-01-01'"),
    ('{gt: "2026-01-31"}', "month > '2026-01-01'"),
    ('{gte: "1970-01-31", lte: "2024-02-01"}', "month between '1970-01-01' and '2024-02-01'"),
    (
        '{between: {start: "2025-12-31", end: "2026-02-01"}}',
        "month between '2025-12-01' and '2026-02-01'",
    ),
    ('{between: {start: "2026-01-31", end: "2026-01-01"}}', "month = '2026-01-01'"),
    ("{last: {n: 3, unit: MONTH}}", "month between '2026-01-01' and '2026-03-01'"),
    ("{last: {n: 1, unit: QUARTER}}", "month between '2026-01-01' and '2026-03-01'"),
    ("{last: {n: 2, unit: YEAR}}", "month between '2025-01-01' and '2026-03-01'"),
    ("{in: []}", "false"),
]
TREES = [
    ('{not: {month: {gte: "2025-12-31"}}}', "month < '2025-12-01'"),
    (
        '{or: [{month: {gte: "2026-03-31"}}, {modality: {eq: STT}}]}',
        "month >= '2026-03-01' or modality = 'STT'",
    ),
    (
        '{and: [{month: {lte: "2025-06-30"}}, {modality: {eq: STT}}]}',
        "month between '2023-06-01' and '2025-06-01' and modality = 'STT'",
    ),
]


def figures(warehouse: TenantsWarehouse, condition: str) -> list[tuple[str, int]]:
    with warehouse.server.connect(warehouse.database) as connection:
        rows = connection.execute(
            "select month::text, sum(requests)::bigint from usage.fct_monthly_usage"
            f" where source_system = 'kaapi' and organization_id = '1' and ({condition})"
            " group by month order by month"
        )
        return [(month, requests) for month, requests in rows]


def answer(
    api: Api, warehouse: TenantsWarehouse, filter_: str, as_of: str = tenants.AS_OF
) -> list[tuple[str, int]]:
    document = f"""query($t: DateTime) {{
        monthlyUsage(filter: {filter_}, asOf: $t, groupBy: [MONTH]) {{
            nodes {{ month requests }} totals {{ requests }} totalCount
        }}
    }}"""
    given = api.ask(Question(document, {"t": as_of}), warehouse.keys["1"]).data["monthlyUsage"]
    found = [(node["month"], node["requests"]) for node in given["nodes"]]
    assert given["totalCount"] == len(found)
    assert given["totals"]["requests"] == sum(requests for _, requests in found)
    return found


@pytest.mark.parametrize(
    ("filter_", "condition"),
    [*((f"{{month: {given}}}", condition) for given, condition in WINDOWS), *TREES],
)
def test_a_window_is_whole_months(
    api: Api, tenants_warehouse: TenantsWarehouse, filter_: str, condition: str
) -> None:
    expected = figures(tenants_warehouse, condition)
    assert answer(api, tenants_warehouse, filter_) == expected


def test_the_rows_tell_the_windows_apart(tenants_warehouse: TenantsWarehouse) -> None:
    """There are months before, in and after the default window."""
    months = [month for month, _ in figures(tenants_warehouse, "true")]
    assert months[0] < "2023-05-01"
    assert "2024-03-01" in months or "2024-04-01" in months
    assert months[-1] > "2026-03-01"


@pytest.mark.parametrize(
    ("as_of", "condition"),
    [
        ("0001-01-01T00:00:00Z", "true"),
        ("1972-01-15T00:00:00Z", "month >= '1970-01-01'"),
        ("9999-12-31T23:59:59Z", "false"),
        # The month of now is that of UTC.
        ("2026-04-01T03:00:00+05:45", DEFAULT),
        ("2026-03-31T20:00:00-05:00", "month >= '2024-04-01'"),
    ],
)
def test_the_default_window_ends_where_now_is(
    api: Api, tenants_warehouse: TenantsWarehouse, as_of: str, condition: str
) -> None:
    found = answer(api, tenants_warehouse, "{}", as_of)
    assert found == figures(tenants_warehouse, condition)


def test_one_instant_is_now_however_it_is_written(
    api: Api, tenants_warehouse: TenantsWarehouse
) -> None:
    written = (tenants.AS_OF, "2026-03-20T17:45:00+05:45", "2026-03-20T12:00:00")
    answers = [answer(api, tenants_warehouse, "{}", as_of) for as_of in written]
    assert answers[0] == answers[1] == answers[2]
