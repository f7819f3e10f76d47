"""Every awkward case of usage, code executions and feedback is in Auto-Analyst's sample rows.

Each case is looked for by what it is, among the rows that are kept awkward: a case must not be
there by luck of the draw.
"""

import json
from collections import Counter

import pytest

from tests.warehouse.sample_rows import SIZES, sample_of

pytestmark = pytest.mark.database

USAGE = "(select * from model_usage where usage_id <= 200) as t"
RUNS = "(select * from code_executions where output like 'awkward/%') as t"
FEEDBACK = "(select * from message_feedback where feedback_id <= 200) as t"

COLUMNS = {
    "users": """
        user_id integer not null, username varchar not null, email varchar not null,
        created_at timestamp
    """,
    "chats": """
        chat_id integer not null, user_id integer, title varchar, created_at timestamp
    """,
    "messages": """
        message_id integer not null, chat_id integer not null, sender varchar not null,
        content text not null, timestamp timestamp
    """,
    "model_usage": """
        usage_id integer not null, user_id integer, chat_id integer,
        model_name varchar(100) not null, provider varchar(50) not null, prompt_tokens integer,
        completion_tokens integer, total_tokens integer, query_size integer, response_size integer,
        cost double precision, timestamp timestamp, is_streaming boolean, request_time_ms integer
    """,
    "code_executions": """
        execution_id integer not null, message_id integer, chat_id integer, user_id integer,
        initial_code text, latest_code text, is_successful boolean, output text,
        model_provider varchar(50), model_name varchar(100), model_temperature double precision,
        model_max_tokens integer, failed_agents text, error_messages text, created_at timestamp,
        updated_at timestamp
    """,
    "message_feedback": """
        feedback_id integer not null, message_id integer not null, rating integer,
        model_name varchar(100), model_provider varchar(50), temperature double precision,
        max_tokens integer, created_at timestamp, updated_at timestamp
    """,
}

# Until is 2026-03-17 09:30:15.250; the ends of the windows that run up to then.
AS_OF = "timestamp '2026-03-17 09:30:15.250'"
WEEK_AGO = "timestamp '2026-03-10 09:30:15.250'"
MONTH_AGO = "timestamp '2026-02-15 09:30:15.250'"
QUARTER_AGO = "timestamp '2025-12-17 09:30:15.250'"
SIDES = ("- interval '1 microsecond'", "", "+ interval '1 microsecond'")

MODELS_IN_TIERS = {
    *("gpt-5-nano", "gpt-oss-20B"),
    *("claude-haiku-4-5", "gpt-5-mini", "gpt-5.2-chat-latest"),
    *("o3", "claude-sonnet-4-5-20250929", "claude-sonnet-4-6", "deepseek-r1-distill-llama-70b"),
    *("gpt-oss-120B", "gemini-2.5-pro-preview-03-25", "gemini-3-flash", "gpt-5.2"),
    *("gpt-5", "gpt-5.4", "claude-opus-4-5-20251101", "claude-opus-4-6", "gemini-3-pro"),
    *("gpt-5.2-pro", "gpt-5.4-pro"),
}


@pytest.fixture(scope="module", params=SIZES)
def sample(request, postgres_server, module_database):
    database = module_database("auto_analyst")
    with sample_of(postgres_server, database, "auto_analyst", *request.param) as rows:
        yield rows


def test_columns_and_their_types(sample):
    expected = {
        table: [" ".join(column.split()) for column in columns.split(",")]
        for table, columns in COLUMNS.items()
    }
    assert sample.tables() == expected


# ---- usage ---------------------------------------------------------------------------------


def test_every_model_of_a_credit_tier_and_names_that_only_look_like_one(sample):
    names = set(sample.column(f"select model_name from {USAGE} where timestamp > {WEEK_AGO}"))
    assert names > MODELS_IN_TIERS
    assert names > {"GPT-5", "gpt-5 ", " gpt-5", "gpt-5.2-Pro", "openai/gpt-5", ""}


OF_MODEL = f"not exists (select from {USAGE.replace('as t', 'as x')} where x.model_name"
OF_MODEL += " = t.model_name and {})"


@pytest.mark.parametrize(
    "condition",
    [
        "timestamp is null",
        "user_id is null and chat_id is not null",
        "chat_id is null and user_id is not null",
        "user_id is null and chat_id is null",
        "prompt_tokens is null and total_tokens is not null",
        "completion_tokens is null and total_tokens is not null",
        "total_tokens is null and completion_tokens > 0",
        "total_tokens is null and cost is null and request_time_ms is null",
        "cost is null and total_tokens > 0",
        "cost = 0 and total_tokens > 0",
        "cast(cost as text) = '0.30000000000000004'",
        "cast(cost as text) ~ 'e-13'",
        "request_time_ms is null and total_tokens > 0",
        "request_time_ms = 0",
        "completion_tokens = 0 and total_tokens > 0",
        "completion_tokens = 1",
        "total_tokens = 0",
        "total_tokens <> prompt_tokens + completion_tokens",
        "provider = ''",
        "is_streaming is null",
        "user_id not in (select user_id from users)",
        "chat_id not in (select chat_id from chats)",
        OF_MODEL.format("x.total_tokens is not null"),
        OF_MODEL.format("x.cost is not null"),
        OF_MODEL.format("x.request_time_ms is not null"),
        OF_MODEL.format("x.request_time_ms > 0") + " and request_time_ms = 0",
        OF_MODEL.format("x.completion_tokens > 0") + " and completion_tokens = 0",
        OF_MODEL.format("x.total_tokens > 0") + " and total_tokens = 0",
    ],
)
def test_requests(sample, condition):
    assert sample.count(USAGE, condition)


@pytest.mark.parametrize(
    "instant",
    [
        *(AS_OF, WEEK_AGO, MONTH_AGO, QUARTER_AGO),
        "timestamp '2026-03-17'",
        "timestamp '2026-03-16'",
        "timestamp '2026-02-15'",
        "timestamp '2026-03-01'",
    ],
)
@pytest.mark.parametrize("side", SIDES)
def test_requests_on_the_edges_of_windows(sample, instant, side):
    assert sample.count(USAGE, f"timestamp = {instant} {side}")


FIRST = f"(select user_id, min(timestamp) as first_at, max(timestamp) as last_at from {USAGE}"
FIRST += " where user_id is not null group by 1) as t"


@pytest.mark.parametrize("window", [WEEK_AGO, MONTH_AGO, QUARTER_AGO])
def test_users_whose_first_request_ever_is_at_the_edge_of_a_window(sample, window):
    for side in SIDES[:2]:
        assert sample.count(FIRST, f"first_at = {window} {side} and user_id between 3 and 8")


@pytest.mark.parametrize(
    "condition",
    [
        f"first_at < {QUARTER_AGO} and last_at > {WEEK_AGO}",
        f"first_at > {WEEK_AGO} and last_at < {AS_OF}",
        f"first_at > {AS_OF}",
        "first_at is null",
        "first_at is not null and exists"
        " (select from model_usage as x where x.user_id = t.user_id and x.timestamp is null)",
    ],
)
def test_users_by_the_time_of_their_first_request(sample, condition):
    assert sample.count(FIRST, condition)


def test_users_who_share_a_name_and_users_who_never_asked(sample):
    assert sample.column("select 1 from users group by username having count(*) > 1")
    silent = "user_id not in (select user_id from model_usage where user_id is not null)"
    assert sample.count("users", f"user_id <= 200 and {silent}")
    assert sample.count("users", "created_at is null")


def test_more_users_than_a_list_holds_with_equal_tokens_whose_numbers_sort_otherwise(sample):
    tied = sample.column(
        f"select user_id from {USAGE} where total_tokens = 600000 and timestamp > {WEEK_AGO}"
    )
    assert len(tied) > 10
    assert sorted(tied) != sorted(tied, key=str)


def test_sums_of_nothing_known(sample):
    sums = f"(select user_id, sum(total_tokens) as tokens from {USAGE} group by 1) as t"
    assert sample.count(sums, "tokens is null and user_id is not null")
    assert sample.count(sums, "tokens = 0") == 0
    assert sample.count(sums, "user_id is null")


CHATS = "(select chat_id, count(*) as requests, count(timestamp) as timed,"
CHATS += " max(timestamp) - min(timestamp) as duration, count(distinct user_id) as users"
CHATS += f" from {USAGE} where chat_id is not null group by 1) as t"


@pytest.mark.parametrize(
    "condition",
    [
        "requests = 1",
        "requests = 2 and duration = interval '0'",
        "requests = 2 and timed = 1",
        "requests = 2 and timed = 0",
        "duration = interval '1.9 seconds'",
        "duration = interval '48 hours'",
        "users = 1 and chat_id in (select chat_id from chats where user_id is null)",
        "users = 2",
    ],
)
def test_chats(sample, condition):
    assert sample.count(CHATS, condition)


def test_a_chat_without_requests(sample):
    unused = "chat_id not in (select chat_id from model_usage where chat_id is not null)"
    assert sample.count("chats", f"chat_id <= 200 and {unused}")


# ---- code executions -----------------------------------------------------------------------

# The order is part of the definition (SEMANTICS 5.6).
CATEGORIES = {
    "NameError": ("nameerror", "name '"),
    "SyntaxError": ("syntaxerror",),
    "TypeError": ("typeerror",),
    "AttributeError": ("attributeerror",),
    "IndexError/KeyError": ("indexerror", "keyerror"),
    "ImportError": ("importerror", "modulenotfounderror"),
    "ValueError": ("valueerror",),
    "OperationError": ("unsupported operand",),
    "IndentationError": ("indent",),
    "PermissionError": ("permission",),
    "FileNotFoundError": ("filenotfound",),
    "MemoryError": ("memory",),
    "TimeoutError": ("timeout", "timed out"),
}


def category(text):
    lower = text.lower()
    for name, parts in CATEGORIES.items():
        if any(part in lower for part in parts):
            return name
    return "OtherError"


def test_error_texts_of_every_category_and_of_several_at_once(sample):
    texts = sample.column(
        "select cast(error_messages as jsonb) ->> 'data_viz_agent'"
        f" from {RUNS} where output like 'awkward/error/%'"
    )
    assert set(map(category, texts)) == {*CATEGORIES, "OtherError"}
    # Where several lines fit a text, their order decides.
    meeting = [
        sum(any(part in text.lower() for part in parts) for parts in CATEGORIES.values())
        for text in texts
    ]
    assert Counter(meeting)[2] >= 6
    assert any("cannot import name 'x'" in text and "ImportError" in text for text in texts)
    assert any(text.isupper() for text in texts)
    assert all(
        any(part in text.lower() for text in texts)
        for parts in CATEGORIES.values()
        for part in parts
    )


def test_ordinary_failures_are_of_several_categories_too(sample):
    texts = sample.column(
        "select distinct value from code_executions"
        " cross join lateral jsonb_each_text(cast(error_messages as jsonb))"
        " where execution_id > 200 and error_messages is not null"
    )
    assert len(set(map(category, texts))) >= 8


READABLE = "pg_input_is_valid(error_messages, 'jsonb')"
VALUE = f"case when {READABLE} then cast(error_messages as jsonb) -> 'data_viz_agent' end"
OBJECT = f"case when {READABLE} then cast(error_messages as jsonb) end"
DOCUMENT = f"case when {READABLE} then jsonb_typeof(cast(error_messages as jsonb)) end"


@pytest.mark.parametrize(
    "condition",
    [
        *(
            f"jsonb_typeof({VALUE}) = '{kind}'"
            for kind in ("string", "number", "null", "boolean", "array", "object")
        ),
        *(f"{DOCUMENT} = '{kind}'" for kind in ("array", "string", "number", "null")),
        "error_messages = '{}'",
        f"not {READABLE} and error_messages <> ''",
        f"not {READABLE} and error_messages ~ 'NaN'",
        f"not {READABLE} and error_messages ~ ',}}$'",
        "error_messages = ''",
        "error_messages is null",
        f"{READABLE} and error_messages ~ '^ '",
        f"{DOCUMENT} = 'object' and {OBJECT} ? ''",
        f"{DOCUMENT} = 'object' and regexp_count(error_messages, 'data_viz_agent') = 2",
        f"{DOCUMENT} = 'object' and regexp_count(error_messages, '_agent') = 3",
    ],
)
def test_error_documents_of_failures(sample, condition):
    assert sample.count(RUNS, f"not is_successful and {condition}")


def test_agent_documents_of_failures(sample):
    documents = sample.column(f"select failed_agents from {RUNS} where not is_successful")
    assert None in documents
    assert "" in documents
    read = []
    unreadable = 0
    for document in filter(None, documents):
        try:
            read.append(json.loads(document))
        except json.JSONDecodeError:
            unreadable += 1
    assert unreadable >= 3
    assert {type(value) for value in read} == {list, dict, str, int, type(None)}
    lists = [value for value in read if isinstance(value, list)]
    assert [] in lists
    assert any(len(value) > len(set(map(str, value))) for value in lists)
    assert {type(element) for value in lists for element in value} == {
        *(str, int, bool, type(None), dict, list)
    }
    assert any("" in value for value in lists)
    assert any("Data_Viz_Agent" in value for value in lists)


AGENTS_READABLE = "pg_input_is_valid(failed_agents, 'jsonb')"


@pytest.mark.parametrize(
    "condition",
    [
        "is_successful is null and error_messages is not null and failed_agents is not null",
        "is_successful is null and error_messages is null and failed_agents is null",
        "is_successful and error_messages is not null and failed_agents is not null",
        "not is_successful and error_messages is null and failed_agents is null",
        f"not is_successful and {READABLE} and not {AGENTS_READABLE}",
        f"not is_successful and not {READABLE} and {AGENTS_READABLE}",
        f"not is_successful and not {READABLE} and not {AGENTS_READABLE}",
        *(f"length(initial_code) = {length}" for length in (0, 499, 500, 501)),
        "length(initial_code) = 500 and octet_length(initial_code) = 1000",
        "length(latest_code) > 500 and octet_length(latest_code) = 4 * length(latest_code)",
        "initial_code is null and latest_code is null and is_successful",
        "initial_code is not null and latest_code is null",
        "user_id is null and chat_id is not null",
        "user_id not in (select user_id from users)",
        "chat_id is null and user_id is not null",
        "message_id is null and chat_id is not null",
        "message_id not in (select message_id from messages)",
        "model_name is null and model_temperature is not null",
        "model_temperature is null and model_name is not null",
        "user_id is null and chat_id is null and message_id is null and model_name is null",
        f"created_at > {AS_OF} + interval '1 day'",
    ],
)
def test_runs_of_code(sample, condition):
    assert sample.count(RUNS, condition)


@pytest.mark.parametrize("rows", [RUNS, FEEDBACK])
@pytest.mark.parametrize("instant", [AS_OF, WEEK_AGO, MONTH_AGO, QUARTER_AGO])
@pytest.mark.parametrize("side", SIDES)
def test_runs_and_stars_on_the_edges_of_windows(sample, rows, instant, side):
    assert sample.count(rows, f"created_at = {instant} {side}")


@pytest.mark.parametrize("rows", [RUNS, FEEDBACK])
def test_runs_and_stars_of_one_instant(sample, rows):
    assert sample.column(f"select 1 from {rows} group by created_at having count(*) > 1")


# ---- feedback ------------------------------------------------------------------------------


@pytest.mark.parametrize("rating", [None, 1, 2, 3, 4, 5])
def test_ratings(sample, rating):
    assert rating in sample.column(f"select rating from {FEEDBACK}")


MESSAGE = "left join messages as m on m.message_id = t.message_id"


@pytest.mark.parametrize(
    "condition",
    [
        "m.message_id is null",
        *(f"length(m.content) = {length} and m.sender = 'ai'" for length in (0, 199, 200, 201)),
        "length(m.content) = 201 and octet_length(m.content) = 401",
        "length(m.content) = 250 and octet_length(m.content) = 1000",
        "m.content like '%' || chr(10) || '%'",
        "m.sender = 'user'",
        "t.model_name is null and t.rating is not null",
        "t.model_name is not null and t.temperature is null and t.max_tokens is null",
        "t.temperature = 0 and t.max_tokens = 0",
        f"t.created_at > {AS_OF} + interval '1 day'",
    ],
)
def test_rated_messages(sample, condition):
    assert sample.count(f"{FEEDBACK} {MESSAGE}", condition)


def test_chats_with_several_rated_messages_and_with_none_rated(sample):
    chats = (
        "(select m.chat_id, count(t.rating) as ratings, count(distinct t.message_id) as messages"
        f" from {FEEDBACK} inner join messages as m on m.message_id = t.message_id group by 1) as c"
    )
    assert sample.count(chats, "ratings = 2 and messages = 2")
    assert sample.count(chats, "ratings = 0")
    assert sample.column(
        f"select 1 from {FEEDBACK} group by message_id, created_at having count(rating) > 1"
    )


def test_models_with_equal_average_rating(sample):
    averages = (
        f"(select model_name, avg(rating) as rating from {FEEDBACK} group by 1 order by 1) as t"
    )
    assert sample.column(f"select 1 from {averages} group by rating having count(model_name) > 1")
