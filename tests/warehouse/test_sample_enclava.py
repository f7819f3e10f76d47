"""Every awkward case of requests and budgets is in Enclava's sample rows.

Each case is looked for by what it is, among the rows that are told to be awkward: a case must not
be there by luck of the draw.
"""

import pytest

from tests.warehouse.sample_rows import SIZES, sample_of

pytestmark = pytest.mark.database

USAGE = "(select * from usage_tracking where request_id like 'awkward/%') as t"
BUDGETS = "(select * from budgets where name like 'awkward/%') as t"
KEY = "left join api_keys as k on k.id = t.api_key_id"

COLUMNS = {
    "users": """
        id integer not null, email varchar not null, username varchar not null, full_name varchar,
        is_active boolean, is_superuser boolean, created_at timestamp, updated_at timestamp
    """,
    "api_keys": """
        id integer not null, user_id integer not null, name varchar not null,
        key_hash varchar not null, key_prefix varchar not null, is_active boolean,
        is_unlimited boolean, budget_limit_cents integer, total_requests integer,
        total_tokens integer, total_cost integer, created_at timestamp, updated_at timestamp,
        last_used_at timestamp, expires_at timestamp
    """,
    "budgets": """
        id integer not null, name varchar not null, user_id integer not null, api_key_id integer,
        limit_cents integer not null, current_usage_cents integer, is_active boolean,
        is_exceeded boolean, warning_threshold_cents integer, period_type varchar not null,
        period_start timestamp not null, period_end timestamp not null, is_warning_sent boolean,
        enforce_hard_limit boolean, enforce_warning boolean, currency varchar,
        created_at timestamp, updated_at timestamp, last_reset_at timestamp
    """,
    "usage_tracking": """
        id integer not null, api_key_id integer not null, user_id integer not null,
        budget_id integer, endpoint varchar not null, method varchar not null, model varchar,
        request_tokens integer, response_tokens integer, total_tokens integer, cost_cents integer,
        response_time_ms integer, status_code integer, cost_currency varchar, request_id varchar,
        session_id varchar, ip_address varchar, user_agent varchar, request_metadata json,
        created_at timestamp
    """,
}


@pytest.fixture(scope="module", params=SIZES)
def sample(request, postgres_server, module_database):
    with sample_of(postgres_server, module_database("enclava"), "enclava", *request.param) as rows:
        yield rows


def test_columns_and_their_types(sample):
    expected = {
        table: [" ".join(column.split()) for column in columns.split(",")]
        for table, columns in COLUMNS.items()
    }
    assert sample.tables() == expected


@pytest.mark.parametrize(
    "status_code",
    [0, 100, 199, 200, 204, 301, 399, 400, 401, 404, 429, 499, 500, 503, 599, None],
)
def test_status_codes(sample, status_code):
    assert status_code in sample.column(f"select status_code from {USAGE}")


@pytest.mark.parametrize("model", [None, "", " ", "GPT-4o", "gpt-4o", 'modèle-Δ "x"'])
def test_models(sample, model):
    assert model in sample.column(f"select model from {USAGE}")


OF_MODEL = f"model <> '' and not exists (select from {USAGE.replace('as t', 'as x')}"
OF_MODEL += " where x.model = t.model and {})"


@pytest.mark.parametrize(
    "condition",
    [
        "request_tokens is null and response_tokens > 0 and total_tokens > 0",
        "response_tokens is null and request_tokens > 0 and total_tokens > 0",
        "total_tokens is null and request_tokens > 0 and response_tokens > 0",
        "total_tokens is null and cost_cents is null and response_time_ms is null",
        "total_tokens = 0 and cost_cents > 1",
        "total_tokens > request_tokens + response_tokens",
        "cost_cents is null and total_tokens > 0",
        "cost_cents = 0 and total_tokens > 0",
        "cost_cents > 100",
        "response_time_ms is null and total_tokens > 0",
        "response_time_ms = 0",
        "response_time_ms = 1",
        "response_time_ms >= 120000",
        OF_MODEL.format("x.cost_cents is not null"),
        OF_MODEL.format("x.total_tokens is not null"),
        OF_MODEL.format("x.response_time_ms is not null"),
        "created_at is null and status_code < 400",
        "created_at is null and status_code >= 400",
        "created_at is null and model is null",
        "request_metadata is null",
        "budget_id not in (select id from budgets)",
        "budget_id in (select id from budgets where not is_active)",
        "user_id not in (select id from users)",
        "user_id in (select id from users where not is_active)",
    ],
)
def test_requests(sample, condition):
    assert sample.count(USAGE, condition)


def test_failed_and_unanswered_requests_among_the_ordinary(sample):
    ordinary = "(select * from usage_tracking where request_id not like 'awkward/%') as t"
    for condition in ("status_code >= 400", "model is null", "cost_cents = 0 and total_tokens > 0"):
        assert sample.count(ordinary, condition)


@pytest.mark.parametrize(
    "condition",
    [
        "k.user_id <> t.user_id",
        "k.id is null",
        "not k.is_active",
        "k.id is not null and k.is_active is null",
        "k.expires_at < t.created_at",
    ],
)
def test_keys_of_requests(sample, condition):
    assert sample.count(f"{USAGE} {KEY}", condition)


@pytest.mark.parametrize(
    "endpoint",
    [
        *("GET /awkward/path", "POST /awkward/path", "post /awkward/path", "POST /awkward/path/"),
        *("POST /Awkward/Path", "GET /awkward/path?limit=10&x=%20", "GET /awkward/größe"),
    ],
)
def test_methods_and_paths_that_nearly_agree(sample, endpoint):
    assert endpoint in sample.column(f"select method || ' ' || endpoint from {USAGE}")


def test_more_endpoints_and_models_than_lists_hold_and_ties_among_them(sample):
    recent = "created_at between '2026-03-16 09:30:15.250' and '2026-03-17 09:30:15.250'"
    for name in ("method || ' ' || endpoint", "nullif(model, '')"):
        counts = sample.column(
            f"select count(*) from usage_tracking where {recent} and {name} is not null"
            f" group by {name}"
        )
        assert len(counts) > 10
        assert len(set(counts)) < len(counts)


@pytest.mark.parametrize(
    "instant",
    [
        "2026-03-17 09:30:15.250",  # as_of
        "2026-03-17 08:30:15.250",  # 1 hour
        "2026-03-16 09:30:15.250",  # 24
        "2026-03-10 09:30:15.250",  # 168
        "2026-02-15 09:30:15.250",  # 30 days
        "2025-03-17 09:30:15.250",  # 365
        "2026-03-17 00:00:00",
        "2026-03-01 00:00:00",
        "2026-03-17 14:30:15.250",  # future
        "2026-03-19 09:30:15.250",
    ],
)
@pytest.mark.parametrize("side", ["- interval '1 microsecond'", "", "+ interval '1 microsecond'"])
def test_requests_on_the_edges_of_windows(sample, instant, side):
    assert sample.count(USAGE, f"created_at = timestamp '{instant}' {side}")


@pytest.mark.parametrize(
    "condition",
    [
        "is_active and not is_exceeded",
        "not is_active and not is_exceeded",
        "is_active is null and not is_exceeded",
        "is_active and is_exceeded and current_usage_cents < limit_cents",
        "is_active and is_exceeded and current_usage_cents = limit_cents",
        "is_active and not is_exceeded and current_usage_cents > limit_cents",
        "is_active and is_exceeded is null and current_usage_cents > limit_cents",
        "not is_active and is_exceeded",
        "is_active is null and is_exceeded is null",
        "is_active and current_usage_cents * 5 = limit_cents * 4 and limit_cents > 0",
        "is_active and current_usage_cents * 5 = limit_cents * 4 - 5",
        # Neither 80 % of 333 nor its nearest cents are whole.
        "is_active and limit_cents = 333 and current_usage_cents * 5 > limit_cents * 4",
        "is_active and limit_cents = 333 and current_usage_cents * 5 < limit_cents * 4",
        "is_active and current_usage_cents is null",
        "is_active and limit_cents = 0 and current_usage_cents = 0",
        "is_active and limit_cents = 0 and current_usage_cents > 0",
    ],
)
def test_budgets(sample, condition):
    assert sample.count(BUDGETS, condition)


@pytest.mark.parametrize(
    "condition",
    [
        "t.api_key_id is null",
        "k.user_id = t.user_id and k.is_active",
        "k.user_id <> t.user_id and k.is_active",
        "k.user_id = t.user_id and not k.is_active",
        "k.user_id <> t.user_id and not k.is_active",
        "t.api_key_id is not null and k.id is null",
    ],
)
def test_owners_of_budgets(sample, condition):
    assert sample.count(f"{BUDGETS} {KEY}", f"(t.is_active or t.is_active is null) and {condition}")


def test_users_with_one_key_without_a_key_and_with_flags_unknown(sample):
    keys = "(select count(*) from api_keys as k where k.user_id = users.id)"
    assert sample.count("users", f"username like 'awkward/%' and {keys} = 0")
    assert sample.count("users", "is_active is null and is_superuser is null")
    assert sample.count("users", "username like 'awkward/%' and is_superuser")
    unused = "not exists (select from usage_tracking as u where u.api_key_id = api_keys.id)"
    assert sample.count("api_keys", f"name like 'awkward/%' and {unused}")


def test_budgets_of_this_month_tell_what_their_requests_have_cost(sample):
    wrong = sample.column(
        """
        select budgets.id
        from budgets
        where
            budgets.id > 200
            and budgets.current_usage_cents <> (
                select coalesce(sum(u.cost_cents), 0)
                from usage_tracking as u
                where u.budget_id = budgets.id and u.created_at >= budgets.period_start
            )
        """
    )
    assert wrong == []
