"""Every awkward case of the tag figures and of the spend log is in LiteLLM's sample rows.

Each case is looked for by what it is, among the rows that are told to be awkward: a case must not
be there by luck of the draw.
"""

import pytest

from tests.warehouse.sample_rows import SIZES, sample_of

pytestmark = pytest.mark.database

TAGS = "(select * from \"LiteLLM_DailyTagSpend\" where id like 'awkward/%') as t"
LOGS = "(select * from \"LiteLLM_SpendLogs\" where request_id like 'awkward/%') as t"

COLUMNS = {
    "LiteLLM_UserTable": """
        user_id text not null, user_email text, user_alias text, team_id text, user_role text,
        max_budget double precision, spend double precision not null, models text[],
        metadata jsonb not null, created_at timestamp(3), updated_at timestamp(3)
    """,
    "LiteLLM_VerificationToken": """
        token text not null, user_id text, key_name text, key_alias text,
        spend double precision not null, expires timestamp(3), models text[], team_id text,
        metadata jsonb not null, blocked boolean, created_at timestamp(3), updated_at timestamp(3)
    """,
    "LiteLLM_DailyTagSpend": """
        id text not null, request_id text, tag text, date text not null, api_key text not null,
        model text, model_group text, custom_llm_provider text, mcp_namespaced_tool_name text,
        endpoint text, prompt_tokens bigint not null, completion_tokens bigint not null,
        cache_read_input_tokens bigint not null, cache_creation_input_tokens bigint not null,
        spend double precision not null, api_requests bigint not null,
        successful_requests bigint not null, failed_requests bigint not null,
        created_at timestamp(3) not null, updated_at timestamp(3) not null
    """,
    "LiteLLM_SpendLogs": """
        request_id text not null, call_type text not null, api_key text not null,
        spend double precision not null, total_tokens integer not null,
        prompt_tokens integer not null, completion_tokens integer not null,
        startTime timestamp(3) not null, endTime timestamp(3), completionStartTime timestamp(3),
        request_duration_ms integer, model text, user text, cache_hit text, session_id text,
        status text, model_id text, model_group text, custom_llm_provider text, api_base text,
        metadata jsonb, cache_key text, request_tags jsonb, team_id text, organization_id text,
        end_user text, requester_ip_address text
    """,
}


@pytest.fixture(scope="module", params=SIZES)
def sample(request, postgres_server, module_database):
    with sample_of(postgres_server, module_database("litellm"), "litellm", *request.param) as rows:
        yield rows


def test_columns_and_their_types(sample):
    expected = {
        table: [" ".join(column.split()) for column in columns.split(",")]
        for table, columns in COLUMNS.items()
    }
    assert sample.tables() == expected


# ---- tag activity --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag",
    [
        *("", " ", " spaced "),
        *("User-Agent: awkward/1.0", "User-Agent:", "User-Agent:awkward", "User-Agent"),
        *("user-agent: awkward/1.0", "USER-AGENT: awkward/1.0", "my User-Agent: awkward/1.0"),
        *("env:awkward", "a:b:c", ":"),
        *("100%", "100 of 100", "%", "50\\%", "a_b", "aXb", "_", "back\\slash", "\\"),
        *("team-awkward", "Team-Awkward", "TEAM-AWKWARD"),
        *("équipe", "ÉQUIPE", "İSTANBUL", "straße", "\u212a-sign", "🚀 launch", "تجربة"),
        *("it's", '"quoted"', "a,b", "[1]*.?(x)", "two\nlines", "null", '{"tag": 1}', "42"),
        "long-tag-" * 60,
    ],
)
def test_tags(sample, tag):
    assert tag in sample.column(f"select tag from {TAGS} where api_key = 'awkward/many-tags'")


def test_null_tags_of_users_with_and_without_others(sample):
    assert sample.count(TAGS, "tag is null and api_key = 'awkward/many-tags'") >= 2
    only_null = "tag is null and not exists (select from {} where x.api_key = t.api_key and x.tag"
    others = TAGS.replace("as t", "as x")
    assert sample.count(TAGS, f"{only_null.format(others)} is not null)")


def test_more_tags_than_a_list_holds_and_ties_at_its_end(sample):
    listed = "tag not like '%:%' or tag like 'User-Agent:%'"
    counts = sample.column(
        f'select count(*) from "LiteLLM_DailyTagSpend" where {listed} group by tag order by 1 desc'
    )
    assert len(counts) > 250
    assert counts[249] == counts[250] == 1


OWNER = 'left join "LiteLLM_VerificationToken" as k on k.token = t.api_key'
USER = 'left join "LiteLLM_UserTable" as u on u.user_id = k.user_id'


@pytest.mark.parametrize(
    "condition",
    [
        "k.token is null and t.api_key <> ''",
        "k.token is null and t.api_key = ''",
        "k.token is not null and k.user_id is null",
        "k.user_id = ''",
        "k.user_id <> '' and u.user_id is null",
        "u.user_id is not null and u.user_email is null",
        "k.blocked",
        "k.expires < timestamp '2026-03-17'",
        "u.user_id ~ '[%_''\"]'",
        "u.user_id in ('awkward/Dana', 'awkward/dana')",
    ],
)
def test_owners_of_keys_on_one_tag_and_day(sample, condition):
    rows = f"{TAGS} {OWNER} {USER}"
    assert sample.count(rows, f"t.tag = 'awkward-keys' and t.date = '2026-03-17' and {condition}")


def test_one_user_has_two_keys_on_one_tag_and_day(sample):
    keys = sample.column(
        f"select count(distinct t.api_key) from {TAGS} {OWNER}"
        " where t.tag = 'awkward-keys' group by k.user_id"
    )
    assert 2 in keys


# Today is 2026-03-17, so that the windows end on the 18th.
@pytest.mark.parametrize(
    "date",
    [
        *("2026-03-18", "2026-03-19", "2026-03-26", "2026-04-17"),  # end, and later
        *("2026-03-12", "2026-03-11"),  # first of 7 days, and before
        *("2026-02-17", "2026-02-16"),  # 30
        *("2026-01-29", "2026-01-28"),  # 49
        *("2025-08-21", "2025-08-20"),  # 210
        *("2026-03-05", "2026-03-04"),  # second and third period of 7 days
        *("2026-01-18", "2026-01-17"),  # second and third period of 30 days
    ],
)
@pytest.mark.parametrize("tag", ["awkward-dates", "User-Agent: awkward-dates"])
def test_dates_at_the_edges_of_windows_and_periods(sample, date, tag):
    assert sample.count(TAGS, f"date = '{date}' and tag = '{tag}'") == 1


@pytest.mark.parametrize(
    ("user", "by_tag"),
    [
        ("untagged-only", {None: 5}),
        ("empty-tag-only", {"": 5}),
        ("own-tags-only", {"alpha": 3, "beta": 7, "": 99}),
        ("own-tags-tie", {"beta": 5, "Beta": 5}),
        ("agent-tie", {"User-Agent: tie-b": 5, "User-Agent: tie-a": 5, "alpha": 50}),
        ("agent-over-days", {"User-Agent: over-days": 6, "User-Agent: peak": 5}),
        ("last-month-only", {}),
        ("future-only", {}),
        ("never-used", {}),
    ],
)
def test_users_whose_agent_is_a_matter_of_rules(sample, user, by_tag):
    requests = sample.connection.execute(
        f"select t.tag, cast(sum(t.api_requests) as integer) from {TAGS} {OWNER}"
        f" where k.user_id = 'awkward/{user}' and t.date between '2026-02-17' and '2026-03-18'"
        " group by 1"
    ).fetchall()
    assert dict(requests) == by_tag


def test_users_outside_the_month_are_inside_other_windows(sample):
    for user, condition in (
        ("last-month-only", "< '2026-02-17'"),
        ("future-only", "> '2026-03-18'"),
    ):
        assert sample.count(
            f"{TAGS} {OWNER}", f"k.user_id = 'awkward/{user}' and t.date {condition}"
        )


@pytest.mark.parametrize(
    "condition",
    [
        "api_requests = 0",
        "successful_requests = 0 and failed_requests = api_requests and api_requests > 0",
        "successful_requests + failed_requests < api_requests",
        "prompt_tokens > 2147483647",
        "prompt_tokens + completion_tokens = 0 and api_requests > 0",
        "cast(spend as text) = '0.30000000000000004'",
        "cast(spend as text) ~ 'e-13'",
        "model is null and custom_llm_provider is null and endpoint is null",
        "model = '' and custom_llm_provider = '' and endpoint = ''",
        "request_id is null",
    ],
)
def test_amounts_and_missing_texts_of_tag_rows(sample, condition):
    assert sample.count(TAGS, condition)


def test_tag_rows_are_not_told_apart_by_request_or_content(sample):
    rows = "group by {} having count(*) > 1"
    assert sample.column(
        f"select 1 from {TAGS} where request_id <> '' " + rows.format("request_id")
    )
    same = "tag, date, api_key, model, custom_llm_provider, endpoint"
    assert sample.column(f"select 1 from {TAGS} where model <> '' " + rows.format(same))


def test_tag_rows_add_up_the_log_under_every_tag_of_a_request(sample):
    logged, tags = sample.connection.execute(
        """
        select array_agg(distinct jsonb_array_length(request_tags)), sum(total_tokens * tags.number)
        from "LiteLLM_SpendLogs"
        cross join lateral (select jsonb_array_length(request_tags) as number) as tags
        where request_id not like 'awkward/%'
        """
    ).fetchone()
    assert set(logged) >= {0, 2, 3, 4}
    assert tags == sample.value(
        'select sum(prompt_tokens + completion_tokens) from "LiteLLM_DailyTagSpend"'
        " where id not like 'awkward/%'"
    )


# ---- spend log -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cache_hit", ["True", "False", "None", "", "true", "FALSE", "1", "True ", None]
)
def test_cache_hits(sample, cache_hit):
    assert cache_hit in sample.column(f"select cache_hit from {LOGS}")


@pytest.mark.parametrize(
    "status",
    ["success", "failure", "", "Success", "failure ", "pending", "cancelled", None],
)
def test_statuses(sample, status):
    assert status in sample.column(f"select status from {LOGS}")


PER_MODEL = "not exists (select from {} where x.model = t.model and {{}})".format(
    LOGS.replace("as t", "as x")
)


@pytest.mark.parametrize(
    "condition",
    [
        "model is null",
        "model = ''",
        "model = ' '",
        "model = 'GPT-4o'",
        "\"user\" is null and session_id <> ''",
        "\"user\" = '' and session_id <> ''",
        "\"user\" in ('awkward/Dana', 'awkward/dana')",
        "session_id is null and \"user\" <> ''",
        "session_id = '' and \"user\" <> ''",
        "total_tokens > prompt_tokens + completion_tokens and prompt_tokens > 0",
        "total_tokens > 0 and prompt_tokens + completion_tokens = 0",
        "total_tokens = 0 and status = 'success'",
        "total_tokens > 0 and completion_tokens > 0 and status = 'failure'",
        "spend > 0 and status = 'failure'",
        "spend > 0 and total_tokens = 0",
        "cast(spend as text) = '0.30000000000000004'",
        "cast(spend as text) ~ 'e-13'",
        "\"endTime\" is null and \"completionStartTime\" is not null and status = 'success'",
        "\"endTime\" is not null and \"completionStartTime\" is null and status = 'success'",
        '"endTime" is null and "completionStartTime" is null',
        '"endTime" = "startTime" and "completionStartTime" = "startTime"',
        "\"endTime\" is not null and status = 'failure'",
        "\"completionStartTime\" is not null and status = 'failure'",
        "\"endTime\" - \"startTime\" = interval '2 hours'",
        "cache_hit = 'True' and status = 'failure'",
        "custom_llm_provider is null",
        "custom_llm_provider = ''",
        "api_key = ''",
        "request_tags is null",
        "jsonb_typeof(request_tags) in ('null', 'string', 'object')",
        # Models of which something is missing throughout.
        "model <> '' and " + PER_MODEL.format("x.status = 'success'"),
        "status = 'success' and " + PER_MODEL.format('x."endTime" is not null'),
        "status = 'success' and " + PER_MODEL.format('x."completionStartTime" is not null'),
        "status = 'success' and " + PER_MODEL.format('x."endTime" > x."startTime"')
        + ' and "endTime" is not null',
        "status = 'success' and \"endTime\" > \"startTime\" and "
        + PER_MODEL.format("x.completion_tokens > 0"),
    ],
)  # fmt: skip
def test_requests(sample, condition):
    assert sample.count(LOGS, condition)


@pytest.mark.parametrize(
    "instant",
    [
        "2026-03-17 09:30:15.250",  # as_of
        "2026-03-17 08:30:15.250",
        "2026-03-16 09:30:15.250",
        "2026-03-15 09:30:15.250",
        "2026-03-17 00:00:00",  # M
        "2026-03-10 00:00:00",
        "2026-03-03 00:00:00",
        "2026-03-17 09:00:00",
        "2026-03-01 00:00:00",
        "2026-02-01 00:00:00",
        "2026-01-01 00:00:00",
    ],
)
@pytest.mark.parametrize(
    "distance", ["- interval '1 millisecond'", "", "+ interval '1 millisecond'"]
)
def test_requests_on_the_edges_of_windows_to_the_millisecond(sample, instant, distance):
    assert sample.count(LOGS, f"\"startTime\" = timestamp '{instant}' {distance}")


def test_requests_after_until(sample):
    assert sample.count(LOGS, "\"startTime\" > timestamp '2026-03-17 12:00'")
    assert sample.count(LOGS, "\"startTime\" > timestamp '2026-03-19'")


def test_more_models_than_a_list_holds_and_ties_among_them(sample):
    models = sample.column(
        "select sum(total_tokens) from \"LiteLLM_SpendLogs\" where model <> '' group by model"
    )
    assert len(models) > 25
    assert len(set(models)) < len(models)


# ---- parts of the usage --------------------------------------------------------------------

DETAILS = "metadata #> '{usage_object,prompt_tokens_details}'"
CACHED = "cast(metadata #>> '{usage_object,prompt_tokens_details,cached_tokens}' as numeric)"
TIER = "metadata #>> '{usage_object,service_tier}'"


@pytest.mark.parametrize(
    "condition",
    [
        "metadata is null",
        "jsonb_typeof(metadata) = 'null'",
        "jsonb_typeof(metadata) = 'array'",
        "jsonb_typeof(metadata) = 'string' and metadata #>> '{}' is json object",
        "jsonb_typeof(metadata) = 'string' and metadata #>> '{}' is not json",
        "metadata -> 'usage_object' = '{}'",
        "jsonb_typeof(metadata -> 'usage_object') = 'string'",
        "metadata -> 'usage_object' = 'null' and metadata ? 'additional_usage_values'",
        "not metadata ? 'usage_object' and metadata ? 'additional_usage_values'",
        f"jsonb_typeof({DETAILS}) = 'string'",
        f"{CACHED} = 1.5",
        f"{CACHED} = prompt_tokens",
        f"{CACHED} > 0 and cache_hit = 'True'",
        f"{CACHED} + cast({DETAILS} ->> 'audio_tokens' as numeric) > prompt_tokens",
        f"{CACHED} > 200000",
        "cast(metadata #>> '{usage_object,completion_tokens_details,reasoning_tokens}' as numeric)"
        " > completion_tokens",
        "cast(metadata #>> '{usage_object,completion_tokens_details,audio_tokens}' as numeric) > 0",
        "cast(metadata #>> '{usage_object,cache_creation,ephemeral_1h_input_tokens}' as numeric)"
        " > 0",
        *(f"{TIER} = '{tier}'" for tier in ("auto", "batch", "flex", "priority")),
        "metadata #>> '{usage_object,speed}' = 'fast'",
    ],
)
def test_parts_of_the_usage(sample, condition):
    assert sample.count(LOGS, condition)
