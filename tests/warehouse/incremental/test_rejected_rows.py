"""One bad row stops nobody: it is set aside or marked, and all other rows count as before."""

import pytest

pytestmark = pytest.mark.database

PARTITIONED_LOG = """
    alter table litellm."LiteLLM_SpendLogs" rename to spend_logs_before;
    create table litellm."LiteLLM_SpendLogs" (like litellm.spend_logs_before including defaults)
        partition by range ("startTime");
    create table litellm.spend_logs_rest partition of litellm."LiteLLM_SpendLogs" default;
    insert into litellm."LiteLLM_SpendLogs"
        select * from litellm.spend_logs_before where "startTime" is not null;
    alter table litellm."LiteLLM_SpendLogs" add primary key (request_id, "startTime");
"""
LOG = """
    insert into litellm."LiteLLM_SpendLogs"
        (request_id, "startTime", "endTime", spend, model, status, total_tokens) values
"""
REPEATED_IDS = f"""
    {LOG}
    ('batch-1', '2024-03-20 06:00', '2024-03-20 06:01', 0, 'gpt-5-mini', 'success', 0),
    ('batch-1', '2024-03-20 07:00', '2024-03-20 07:01', 0.5, 'gpt-5-mini', 'success', 30),
    ('reused', '2024-03-20 06:00', '2024-03-20 06:01', 0.01, 'gpt-oss', 'success', 3),
    ('reused', '2024-03-20 07:00', '2024-03-20 07:01', 0.02, 'gpt-oss', 'success', 3)
"""
BAD_ROWS = f"""
    {LOG}
    ('large-1', '2024-03-21 06:00', null, 9e15, 'm', 'success', 1),
    ('large-2', '2024-03-21 06:00', null, 9e15, 'm', 'success', 1),
    ('nan', '2024-03-21 06:00', null, 'NaN', 'm', 'success', 1),
    ('negative', '2024-03-21 06:00', null, -2, 'm', 'success', 1),
    ('epoch', '1970-01-01', null, 1, 'm', 'success', 1),
    ('2262', '2262-04-11', null, 1, 'm', 'success', 1),
    ('later', '2098-01-01', null, 1, 'm', 'success', 1),
    ('long', '2024-03-21 06:00', null, 1, (
        select string_agg(md5(n::text), '') from generate_series(1, 125) as n
    ), 'success', 1)
"""
REPEATED_ROWS = f"""
    {LOG}
    (null, '2024-03-21 06:00', null, 1, 'm', 'success', 1),
    ('copied', '2024-03-21 06:00', null, 1, 'm', 'success', 1),
    ('copied', '2024-03-21 06:00', null, 1, 'm', 'success', 1),
    ('changed', '2024-03-21 06:00', null, 1, 'm', 'success', 1),
    ('changed', '2024-03-21 06:00', null, 2, 'm', 'success', 1)
"""
REJECTED_OF_NEWEST = """
    select rejected_rows::int from usage.publication_sources
    inner join usage.publication using (build_id)
    where source_system = 'litellm' order by published_at desc limit 1
"""
OTHERS = """
    select count(*), sum(hash_record_extended(row(request.*), 0)::numeric)
    from usage.fct_requests as request where request_id not in (
        'large-1', 'large-2', 'nan', 'negative', 'epoch', '2262', 'later', 'copied', 'changed'
    ) and model not like 'c4ca4238a0b92382%'
"""


def rows(warehouse, query):
    with warehouse.connect() as connection:
        return connection.execute(query).fetchall()


def issues(warehouse, *keys):
    found = rows(
        warehouse,
        "select row_key, issue, outcome, raw_rows::int from usage.fct_rejected_rows"
        " where source_table = 'spend_logs' order by 1, 2",
    )
    return [row for row in found if row[0] in keys]


def is_reconciled(warehouse):
    return warehouse.value("select bool_and(is_reconciled) from usage.fct_cost_reconciliation")


def test_one_id_at_two_times_is_two_requests(built):
    warehouse = built(1)
    warehouse.execute(PARTITIONED_LOG)
    warehouse.execute(REPEATED_IDS)
    warehouse.next_build(reconcile=True)
    found = rows(
        warehouse,
        "select request_id, cost_usd::float from usage.fct_requests"
        " where request_id in ('batch-1', 'reused') order by 1, 2",
    )
    assert found == [("batch-1", 0), ("batch-1", 0.5), ("reused", 0.01), ("reused", 0.02)]
    assert is_reconciled(warehouse)
    warehouse.assert_equals_full_refresh()


def test_absurd_rows_are_kept_and_marked_and_change_no_other(built):
    warehouse = built(1)
    before = rows(warehouse, OTHERS)
    warehouse.execute(BAD_ROWS)
    warehouse.next_build(reconcile=True)
    assert rows(warehouse, OTHERS) == before
    keys = ("large-1", "large-2", "nan", "negative", "epoch", "2262", "later", "long")
    assert issues(warehouse, *keys) == [
        ("2262", "time_out_of_range", "marked", 1),
        ("epoch", "time_out_of_range", "marked", 1),
        ("large-1", "amount_too_large", "marked", 1),
        ("large-2", "amount_too_large", "marked", 1),
        ("later", "time_in_the_future", "marked", 1),
        ("long", "text_too_long", "marked", 1),
        ("nan", "amount_not_a_number", "marked", 1),
        ("negative", "amount_negative", "marked", 1),
    ]
    (model,) = rows(warehouse, "select model from usage.fct_requests where request_id = 'long'")[0]
    assert len(model) <= 512
    assert rows(
        warehouse,
        "select 1 from litellm.\"LiteLLM_SpendLogs\" where request_id = 'long'"
        f" and '{model}' like '%' || md5(model)",
    )
    unknown = "select count(*) from usage.fct_requests where requested_at is null and request_id = "
    assert warehouse.value(f"{unknown} 'epoch'") == warehouse.value(f"{unknown} '2262'") == 1
    assert is_reconciled(warehouse)


def test_rows_without_a_key_and_repeated_rows_are_set_aside(built):
    warehouse = built(2)
    before = rows(warehouse, OTHERS)
    raw = 'select count(*) from litellm."LiteLLM_SpendLogs"'
    kept = "select count(*) from usage.fct_requests where source_system = 'litellm'"
    counts = warehouse.value(raw), warehouse.value(kept)
    assert counts[0] == counts[1]
    warehouse.execute(REPEATED_ROWS)
    warehouse.next_build(reconcile=True)
    assert rows(warehouse, OTHERS) == before
    assert issues(warehouse, None, "copied", "changed") == [
        ("changed", "superseded", "rejected", 1),
        ("copied", "copy", "copied", 1),
        (None, "no_key", "rejected", 1),
    ]
    assert warehouse.value(kept) == counts[1] + 2
    assert warehouse.value(raw) == warehouse.value(kept) + 3
    assert warehouse.value(REJECTED_OF_NEWEST) == 2
    assert is_reconciled(warehouse)
    cost = "select cost_usd::float from usage.fct_requests where request_id = 'changed'"
    assert warehouse.value(cost) == 2
