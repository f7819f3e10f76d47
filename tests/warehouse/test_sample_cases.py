"""Every awkward case that the definitions name is in the sample rows, whatever their number.

Each case is looked for by what it is, among the rows that are told to be awkward: a case must not
be there by luck of the draw.
"""

from datetime import UTC, datetime

import pytest

from warehouse.sample import load_sample

UNTIL = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.database


@pytest.fixture(scope="module", params=[(1_000, 1), (4_321, 4711)])
def sample(request, postgres_server, module_database):
    rows, seed = request.param
    with postgres_server.connect(module_database("cases")) as connection:
        load_sample(connection, "kaapi", rows, seed, UNTIL, "kaapi")
        connection.execute("set search_path to kaapi")
        yield connection


def found(sample, rows, condition):
    return sample.execute(f"select count(*) from {rows} where {condition}").fetchone()[0]


CALLS = "(select * from llm_call where provider_response_id like 'awkward/%') as t"
CHAINS = "(select * from llm_chain where error like 'awkward/%') as t"
RUNS = "(select * from evaluation_run where run_name like 'awkward/%') as t"

INPUT = "usage -> 'input_tokens'"
INPUT_TEXT = "jsonb_typeof(usage -> 'input_tokens') = 'string' and usage ->> 'input_tokens'"
MONTH_START = "date_trunc('month', inserted_at)"


@pytest.mark.parametrize(
    "condition",
    [
        "usage is null",
        "usage = cast('null' as jsonb)",
        "jsonb_typeof(usage) = 'array'",
        "jsonb_typeof(usage) = 'string'",
        "jsonb_typeof(usage) = 'number'",
        "jsonb_typeof(usage) = 'boolean'",
        "usage = cast('{}' as jsonb)",
        f"{INPUT_TEXT} ~ '^[1-9][0-9]+$'",
        f"{INPUT_TEXT} ~ '^0+[1-9][0-9]*$'",
        f"{INPUT_TEXT} = 'n/a'",
        f"{INPUT_TEXT} = '12.5'",
        f"{INPUT_TEXT} ~ '^[+]'",
        f"{INPUT_TEXT} ~ 'e'",
        f"{INPUT_TEXT} ~ '^ '",
        f"{INPUT_TEXT} = ''",
        f"{INPUT_TEXT} ~ '^[0-9]{{20,}}$'",
        f"{INPUT} = cast('true' as jsonb)",
        f"cast({INPUT} as text) = '12.5'",
        f"cast({INPUT} as text) = '12.0'",
        f"{INPUT} = cast('null' as jsonb)",
        f"jsonb_typeof({INPUT}) = 'object'",
        f"jsonb_typeof({INPUT}) = 'array'",
        "not usage ? 'input_tokens' and usage ? 'output_tokens'",
        "usage ? 'input_tokens' and not usage ? 'output_tokens'",
        f"{INPUT} = cast('0' as jsonb)",
        "usage ->> 'total_tokens' = '7'",
    ],
)
def test_usage_and_token_cases(sample, condition):
    assert found(sample, CALLS, condition)


@pytest.mark.parametrize(
    "provider",
    [
        "openai-native",
        "openai-native-native",
        "-native",
        "-native-native",
        "x-native-y",
        "OpenAI",
        "openai-Native",
        "",
        "unknown",
        "anthropic",
        "kaapi-internal",
    ],
)
def test_provider_cases(sample, provider):
    assert found(sample, CALLS, f"provider = '{provider}'")


PRICED_BY_NAME = (
    "exists (select from model_config as m where m.model_name = t.model and {condition})"
)


@pytest.mark.parametrize(
    ("condition", "number"),
    [
        ("m.provider = t.provider and not m.is_active", 2),
        ("jsonb_typeof(m.pricing -> 'response' -> 'input_token_cost') = 'string'", 1),
        ("m.pricing -> 'response' ? 'input_token_cost' and"
         " not m.pricing -> 'response' ? 'output_token_cost'", 1),
        ("m.pricing -> 'response' -> 'input_token_cost' = cast('0' as jsonb)"
         " and m.pricing -> 'response' -> 'output_token_cost' = cast('0' as jsonb)"
         " and m.is_active", 1),
        ("m.pricing -> 'response' -> 'input_token_cost' = cast('null' as jsonb)", 1),
        ("m.pricing -> 'response' -> 'input_token_cost' = cast('true' as jsonb)", 1),
        ("m.pricing is null", 1),
        ("jsonb_typeof(m.pricing) = 'array'", 1),
        ("jsonb_typeof(m.pricing -> 'response') = 'string'", 1),
        ("not m.pricing ? 'response' and m.pricing ? 'batch'", 1),
        # Under the native name only: found by its canonical provider, from either spelling.
        ("m.provider = 'openai-native' and m.model_name = 'native-only'", 2),
        ("m.provider = 'anthropic' and m.is_active and t.provider = 'anthropic'", 1),
        ("lower(m.model_name) = m.model_name and m.provider = 'openai' and t.model = ''", 1),
    ],
)  # fmt: skip
def test_price_cases_are_listed_and_called(sample, condition, number):
    assert found(sample, CALLS, PRICED_BY_NAME.format(condition=condition)) >= number


def test_unpriced_models_are_called(sample):
    nowhere = "not exists (select from model_config as m where m.model_name = t.model)"
    assert found(sample, CALLS, f"{nowhere} and provider = 'openai'") >= 2
    elsewhere = (
        "provider in ('openai', 'google') and"
        " exists (select from model_config as m where m.model_name = t.model) and not exists ("
        "select from model_config as m where m.model_name = t.model and m.provider = t.provider)"
    )
    assert found(sample, CALLS, elsewhere)


def test_shared_model_names_are_called_under_each_of_their_providers(sample):
    (providers,) = sample.execute(
        f"select array_agg(provider order by provider) from {CALLS} where model = 'shared-voice'"
    ).fetchone()
    (listed,) = sample.execute(
        "select array_agg(provider order by provider) from model_config"
        " where model_name = 'shared-voice' and is_active"
    ).fetchone()
    assert providers == listed == ["elevenlabs", "google", "sarvamai"]


def test_one_model_is_listed_under_a_provider_and_its_native_spelling_at_two_prices(sample):
    (providers, prices) = sample.execute(
        "select array_agg(provider order by provider), count(distinct pricing -> 'response')"
        " from model_config where model_name = 'gpt-4o' and is_active"
    ).fetchone()
    assert providers == ["openai", "openai-native"]
    assert prices == 2


@pytest.mark.parametrize(
    ("input_type", "output_type"),
    [
        ("text", "text"),
        ("audio", "audio"),
        ("audio", "text"),
        ("text", "audio"),
        ("text", None),
        ("audio", None),
        ("text", "image"),
        ("image", "text"),
        ("image", "image"),
        ("pdf", "text"),
        ("multimodal", "text"),
        ("multimodal", "audio"),
    ],
)
def test_combinations_of_modalities(sample, input_type, output_type):
    output = "is null" if output_type is None else f"= '{output_type}'"
    assert found(sample, CALLS, f"input_type = '{input_type}' and output_type {output}")


@pytest.mark.parametrize("rows", [CALLS, CHAINS, RUNS])
@pytest.mark.parametrize(
    "condition",
    [
        f"inserted_at = {MONTH_START}",
        f"inserted_at = {MONTH_START} + interval '1 month' - interval '1 microsecond'",
        "inserted_at = timestamp '2024-03-01 00:00:00'",  # first instant of the default window
        "inserted_at = timestamp '2024-02-29 23:59:59.999999'",
    ],
)
def test_month_boundaries(sample, rows, condition):
    assert found(sample, rows, condition)


@pytest.mark.parametrize(
    "instant",
    [
        "2024-02-29 00:00:00",
        "2024-02-29 23:59:59.999999",
        "2024-03-01 00:00:00",
        "2025-12-31 23:59:59.999999",
        "2026-01-01 00:00:00",
        "2026-02-01 00:00:00",
        "2026-02-28 23:59:59.999999",
        "2026-03-01 00:00:00",
        "2026-03-17 09:30:00",
    ],
)
def test_calls_at_turns_of_month_and_year_and_on_the_leap_day(sample, instant):
    assert found(sample, CALLS, f"inserted_at = timestamp '{instant}'")


def test_soft_deleted_calls_have_tokens_and_a_price(sample):
    priced = "deleted_at is not null and usage ? 'input_tokens' and model = 'gpt-4o'"
    assert found(sample, CALLS, f"{priced} and provider = 'openai'")
    assert found(sample, CALLS, f"{priced} and provider = 'openai-native'")
    assert found(sample, "llm_call", "deleted_at is not null") > 3


FIRST = "block_sequences ->> 0"
FIRST_CALL = (
    "jsonb_typeof(block_sequences) = 'array' and exists (select from llm_call as c"
    " where cast(c.id as text) = lower(block_sequences ->> 0) and {condition})"
)


@pytest.mark.parametrize(
    "condition",
    [
        FIRST_CALL.format(condition="c.deleted_at is null"),
        FIRST_CALL.format(condition="c.deleted_at is not null and c.output_type = 'text'"),
        FIRST_CALL.format(condition="c.provider like '%-native'"),
        FIRST_CALL.format(condition="c.provider = ''"),
        FIRST_CALL.format(condition="c.output_type is null"),
        FIRST_CALL.format(condition="date_trunc('month', c.inserted_at) <"
                          " date_trunc('month', t.inserted_at)"),
        FIRST_CALL.format(condition=f"upper({FIRST}) = {FIRST}")
        + f" and {FIRST} ~ '[A-F]'",
        f"{FIRST} ~ '^[0-9a-f-]{{36}}$' and not exists"
        f" (select from llm_call as c where cast(c.id as text) = {FIRST})",
        f"jsonb_typeof(block_sequences -> 0) = 'string' and {FIRST} = 'block-1'",
        f"{FIRST} ~ '^g[0-9a-f-]{{35}}$'",
        f"{FIRST} = ''",
        "block_sequences -> 0 = cast('null' as jsonb)",
        "jsonb_typeof(block_sequences -> 0) = 'number'",
        "jsonb_typeof(block_sequences -> 0) = 'object'",
        "jsonb_typeof(block_sequences -> 0) = 'array'",
        "block_sequences is null",
        "block_sequences = cast('null' as jsonb)",
        "block_sequences = cast('[]' as jsonb)",
        "jsonb_typeof(block_sequences) = 'object'",
        "jsonb_typeof(block_sequences) = 'string'",
        "jsonb_typeof(block_sequences) = 'number'",
        "jsonb_typeof(block_sequences -> 1) = 'number'",
        "status = 'pending'",
        "status = 'running'",
        "status = 'failed'",
        "status = 'completed'",
    ],
)  # fmt: skip
def test_chain_cases(sample, condition):
    assert found(sample, CHAINS, condition)


@pytest.mark.parametrize(
    "evaluation_type",
    ["text", "STT", "Tts", " stt ", "", "assessment", "Assessment", "translation"],
)
def test_evaluation_types(sample, evaluation_type):
    assert found(sample, RUNS, f"type = '{evaluation_type}'")


COST = "jsonb_typeof(cost -> 'total_cost_usd') = 'string' and cost ->> 'total_cost_usd'"


@pytest.mark.parametrize(
    "condition",
    [
        "cost is null",
        "cost = cast('null' as jsonb)",
        "jsonb_typeof(cost) = 'array'",
        "jsonb_typeof(cost) = 'string'",
        "jsonb_typeof(cost) = 'object' and not cost ? 'total_cost_usd'",
        "cost -> 'total_cost_usd' = cast('1.25' as jsonb)",
        "cost -> 'total_cost_usd' = cast('5e-4' as jsonb)",
        "cost -> 'total_cost_usd' = cast('-0.25' as jsonb)",
        f"{COST} = '0.75'",
        f"{COST} = '3'",
        f"{COST} = '1.5e-3'",
        f"{COST} = '2E+1'",
        f"{COST} = '-0.5'",
        f"{COST} = '+0.25'",
        f"{COST} = 'NaN'",
        f"{COST} = 'Infinity'",
        f"{COST} = '1e400'",
        f"{COST} = 'abc'",
        f"{COST} = '1,5'",
        f"{COST} = '0x10'",
        f"{COST} = ''",
        "jsonb_typeof(cost -> 'total_cost_usd') = 'object'",
        "jsonb_typeof(cost -> 'total_cost_usd') = 'boolean'",
        "cost -> 'total_cost_usd' = cast('null' as jsonb)",
    ],
)
def test_evaluation_costs(sample, condition):
    assert found(sample, RUNS, condition)


def listed(count, condition="true"):
    return (
        "jsonb_typeof(providers -> 0) = 'string' and (select count(*) from model_config as m"
        f" where m.model_name = providers ->> 0 and {condition}) = {count}"
    )


@pytest.mark.parametrize(
    "condition",
    [
        "providers is null",
        "providers = cast('null' as jsonb)",
        "jsonb_typeof(providers) = 'object'",
        "jsonb_typeof(providers) = 'string'",
        "providers = cast('[]' as jsonb)",
        "jsonb_typeof(providers -> 0) = 'number'",
        "jsonb_typeof(providers -> 0) = 'null'",
        "jsonb_typeof(providers -> 0) = 'array'",
        "providers ->> 0 = '' and jsonb_array_length(providers) = 2",
        listed(1, "m.is_active"),
        f"{listed(1)} and {listed(0, 'm.is_active')}",
        listed(0),
        listed(3, "m.is_active"),
        f"{listed(2)} and {listed(1, 'm.is_active')}",
        f"{listed(1)} and {listed(1, 'm.provider like ' + repr('%-native'))}",
        f"{listed(2)} and {listed(1, 'm.provider like ' + repr('%-native'))}",
        listed(1, "m.provider = 'anthropic'"),
    ],
)
def test_evaluated_models(sample, condition):
    assert found(sample, RUNS, f"config_id is null and {condition}")


CONFIG = (
    "exists (select from config_version as v where v.config_id = t.config_id"
    " and v.version = t.config_version and {condition})"
)
PROVIDER = "v.config_blob -> 'completion' ->> 'provider'"


@pytest.mark.parametrize(
    "condition",
    [
        CONFIG.format(condition=f"v.deleted_at is null and {PROVIDER} = 'google'"),
        CONFIG.format(condition=f"v.deleted_at is not null and {PROVIDER} = 'elevenlabs'"),
        CONFIG.format(
            condition="jsonb_typeof(v.config_blob -> 'completion' -> 'provider') = 'number'"
        ),
        CONFIG.format(
            condition="v.config_blob -> 'completion' -> 'provider' = cast('null' as jsonb)"
        ),
        CONFIG.format(
            condition="jsonb_typeof(v.config_blob -> 'completion' -> 'provider') = 'object'"
        ),
        *(
            CONFIG.format(condition=f"{PROVIDER} = '{provider}'")
            for provider in (
                "",
                "unknown",
                "sarvamai-native",
                "-native",
                "google-native-native",
                "x-native-y",
                "OpenAI",
            )
        ),
        CONFIG.format(condition="not v.config_blob ? 'completion'"),
        CONFIG.format(condition="jsonb_typeof(v.config_blob -> 'completion') = 'string'"),
        CONFIG.format(condition="jsonb_typeof(v.config_blob) = 'array'"),
        CONFIG.format(condition="v.version = 2"),
        "config_id is not null and config_version is null",
        "config_id is null and config_version is not null",
        "config_id is not null and not exists"
        " (select from config_version as v where v.config_id = t.config_id)",
        "exists (select from config_version as v where v.config_id = t.config_id)"
        " and not exists (select from config_version as v"
        " where v.config_id = t.config_id and v.version = t.config_version)",
    ],
)
def test_stored_configurations_of_evaluations(sample, condition):
    assert found(sample, RUNS, condition)


def test_awkward_rows_lie_in_more_than_one_organisation(sample):
    for rows in (CALLS, CHAINS, RUNS):
        (organizations,) = sample.execute(
            f"select count(distinct organization_id) from {rows}"
        ).fetchone()
        assert organizations == 3, rows


def test_organisations_and_projects_include_inactive_and_silent_ones(sample):
    assert found(sample, "organization", "not is_active")
    assert found(sample, "project", "not is_active")
    silent = "not exists (select from llm_call where organization_id = organization.id)"
    assert found(sample, "organization", silent)
