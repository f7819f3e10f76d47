"""Hand-computed buckets, attributions, windows and charts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

import pytest

from . import canonical, kaapi
from .raw_kaapi import ConfigVersion, EvaluationRun, LlmCall, LlmChain, ModelConfig, RawKaapi

AS_OF = datetime(2026, 3, 15, 12, tzinfo=UTC)
MARCH = datetime(2026, 3, 1)  # noqa: DTZ001 - raw timestamps are UTC without zone
STAMPS = {"inserted_at": MARCH, "updated_at": MARCH}
PRICED = '{"response": {"input_token_cost": 2.5, "output_token_cost": 10}}'


def call(number=1, **changes):
    base = LlmCall(
        id=UUID(int=number),
        job_id=UUID(int=0),
        organization_id=1,
        project_id=10,
        chain_id=None,
        input_type="text",
        output_type="text",
        provider="openai",
        model="gpt-4o",
        provider_response_id=None,
        conversation_id=None,
        usage='{"input_tokens": 1000, "output_tokens": "100"}',
        deleted_at=None,
        **STAMPS,
    )
    return replace(base, **changes)


def chain(blocks, **changes):
    base = LlmChain(
        id=UUID(int=900),
        job_id=UUID(int=0),
        organization_id=1,
        project_id=10,
        status="completed",
        error=None,
        block_sequences=blocks,
        total_blocks=1,
        number_of_blocks_processed=1,
        total_usage=None,
        **STAMPS,
    )
    return replace(base, **changes)


def evaluation(**changes):
    base = EvaluationRun(
        id=1,
        run_name="run",
        dataset_name="set",
        dataset_id=None,
        type="TEXT",
        providers='["gpt-4o"]',
        config_id=None,
        config_version=None,
        status="failed",
        run_mode=None,
        total_items=None,
        error_message=None,
        cost='{"total_cost_usd": 0.1}',
        organization_id=1,
        project_id=10,
        **STAMPS,
    )
    return replace(base, **changes)


def config(provider="openai", model="gpt-4o", pricing=PRICED, is_active=True):
    return ModelConfig(1, provider, model, pricing, is_active, None, None, None, None, **STAMPS)


def stored(blob, version=1, deleted_at=None):
    config_id = UUID(int=7)
    return ConfigVersion(
        UUID(int=8), config_id, version, blob, None, deleted_at=deleted_at, **STAMPS
    )


def the_request(raw_call, *configs):
    (request,) = canonical.requests(RawKaapi(llm_calls=[raw_call], model_configs=list(configs)))
    return request


@pytest.mark.parametrize(
    ("raw", "provider"),
    [
        ("openai", "openai"),
        ("openai-native", "openai"),
        ("openai-native-native", "openai-native"),
        ("-native-native", "-native"),
        ("-native", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
        ("OpenAI-native", "OpenAI"),
        ("x-native-y", "x-native-y"),
    ],
)
def test_canonical_provider(raw, provider):
    assert canonical.canonical_provider(raw) == provider


@pytest.mark.parametrize(
    ("input_type", "output_type", "modality"),
    [
        ("text", "text", "T-FS-T"),
        ("audio", "audio", "S-FS-S"),
        ("audio", "text", "STT"),
        ("text", "audio", "TTS"),
        ("text", None, "OTHER"),
        ("Text", "text", "OTHER"),
        ("image", "text", "OTHER"),
    ],
)
def test_call_modality(input_type, output_type, modality):
    assert canonical.call_modality(input_type, output_type) == modality


@pytest.mark.parametrize(
    ("raw", "modality"),
    [("TeXt", "T-FS-T"), ("STT", "STT"), ("tts", "TTS"), (" tts", "OTHER"), (None, "OTHER")],
)
def test_evaluation_modality(raw, modality):
    assert canonical.evaluation_modality(raw) == modality


def test_a_native_call_is_billed_at_the_canonical_price():
    request = the_request(call(provider="openai-native"), config())
    # 1000 tokens at 2.50 and 100 at 10 USD per million
    assert request.cost_usd == Fraction("0.0035")
    assert (request.input_tokens, request.output_tokens, request.total_tokens) == (1000, 100, 1100)
    assert request.is_priced
    assert request.cost_source == "model_config"


def test_a_price_of_zero_is_a_price():
    free = '{"response": {"input_token_cost": 0, "output_token_cost": 0}}'
    request = the_request(call(), config(pricing=free))
    assert request.is_priced
    assert request.computed_cost_usd == 0


@pytest.mark.parametrize(
    "configs",
    [
        [],
        [config(is_active=False)],
        [config(model="GPT-4o")],
        [config(provider="google")],
        [config(pricing=None)],
        [config(pricing='{"batch": {"input_token_cost": 1, "output_token_cost": 1}}')],
        [config(pricing='{"response": {"input_token_cost": "1", "output_token_cost": 1}}')],
        [config(pricing='{"response": {"input_token_cost": 1}}')],
    ],
)
def test_a_call_without_a_usable_price_costs_nothing(configs):
    request = the_request(call(), *configs)
    assert request.cost_source == "unpriced"
    assert request.unpriced_requests == 1
    assert request.computed_cost_usd is None
    assert request.cost_usd == 0
    assert request.total_tokens == 1100


def test_an_unpriced_provider_stays_unpriced_though_it_has_a_price():
    assert not the_request(call(provider="anthropic"), config(provider="anthropic")).is_priced


@pytest.mark.parametrize("order", [1, -1])
def test_the_canonical_spelling_wins_over_the_native_one(order):
    dear = '{"response": {"input_token_cost": 1000, "output_token_cost": 0}}'
    rows = [config(), config(provider="openai-native", pricing=dear)][::order]
    assert the_request(call(), *rows).cost_usd == Fraction("0.0035")
    rows = [config(pricing=None), config(provider="openai-native", pricing=dear)][::order]
    assert not the_request(call(), *rows).is_priced
    rows = [config(is_active=False), config(provider="openai-native", pricing=dear)][::order]
    assert the_request(call(), *rows).cost_usd == 1


def test_a_deleted_call_is_no_request_but_serves_its_chain():
    raw = RawKaapi(
        llm_calls=[call(0xABC, deleted_at=MARCH, provider="google-native", output_type="audio")],
        llm_chains=[chain('["00000000-0000-0000-0000-000000000ABC"]')],
    )
    (request,) = canonical.requests(raw)
    assert (request.request_kind, request.modality, request.provider) == ("chain", "TTS", "google")
    assert (request.total_tokens, request.cost_usd, request.is_priced) == (0, 0, True)
    assert request.is_successful is True


@pytest.mark.parametrize(
    "blocks",
    [
        None,
        "null",
        "[]",
        "[5]",
        '"00000000-0000-0000-0000-000000000001"',
        '[["00000000-0000-0000-0000-000000000001"]]',
        '["000-00000-0000-0000-0000-0000-0000-0001"]',
        '["{00000000-0000-0000-0000-000000000001"]',
        '["00000000-0000-0000-0000-000000000001-"]',
        '["{{00000000-0000-0000-0000-000000000001}}"]',
        '["00000000-0000-0000-0000-000000000001\\n"]',
        '["00000000-0000-0000-0000-000000000002"]',
        '[null, "00000000-0000-0000-0000-000000000001"]',
    ],
)
def test_a_chain_without_a_first_call_is_other_and_unknown(blocks):
    raw = RawKaapi(llm_calls=[call()], llm_chains=[chain(blocks, status="pending")])
    request = canonical.requests(raw)[1]
    assert (request.modality, request.provider) == ("OTHER", "unknown")
    assert request.is_successful is None


def test_a_row_without_a_time_is_a_request_of_no_month_and_serves_its_chain():
    raw = RawKaapi(
        llm_calls=[call(1, inserted_at=None)],
        llm_chains=[
            chain('["00000000-0000-0000-0000-000000000001"]'),
            chain(None, inserted_at=None),
        ],
        evaluation_runs=[evaluation(inserted_at=None)],
    )
    timeless, request, _ = canonical.requests(raw)
    assert (timeless.request_kind, timeless.month) == ("call", None)
    assert (request.request_kind, request.provider) == ("chain", "openai")
    assert canonical.evaluation_runs(raw) == []
    assert [row["requests"] for row in kaapi.monthly_usage(raw)] == [1]


@pytest.mark.parametrize(
    "first",
    [
        "00000000-0000-0000-0000-00000000ABCD",
        "0000000000000000000000000000abcd",
        "0000-0000-0000-00000000-0000-0000-ABCD",
        "{00000000-0000-0000-0000-00000000abcD}",
    ],
)
def test_every_spelling_of_a_uuid_is_that_uuid(first):
    raw = RawKaapi(llm_calls=[call(0xABCD)], llm_chains=[chain(f'["{first}"]')])
    assert canonical.requests(raw)[1].provider == "openai"


USED = {"config_id": UUID(int=7), "config_version": 1}
OPENAI_BLOB = '{"completion": {"provider": "google-native"}}'


@pytest.mark.parametrize(
    ("run", "versions", "configs", "provider"),
    [
        (evaluation(**USED), [stored(OPENAI_BLOB)], [config()], "google"),
        (evaluation(**USED), [stored(OPENAI_BLOB, deleted_at=MARCH)], [config()], "google"),
        (evaluation(**USED), [stored(OPENAI_BLOB, version=2)], [config()], "openai"),
        (evaluation(**USED), [stored('{"completion": {"provider": 5}}')], [config()], "openai"),
        (
            evaluation(**USED),
            [stored('{"completion": {"provider": "-native"}}')],
            [config()],
            "openai",
        ),
        (evaluation(), [], [config(is_active=False)], "openai"),
        (evaluation(), [], [config(), config(provider="google")], "unknown"),
        (evaluation(), [], [config(), config(provider="openai-native")], "openai"),
        (evaluation(), [], [], "unknown"),
        (evaluation(providers='"gpt-4o"'), [], [config()], "unknown"),
        (evaluation(providers='["x", "gpt-4o"]'), [], [config()], "unknown"),
        (evaluation(providers='[""]'), [], [config(model="")], "unknown"),
    ],
)
def test_evaluation_provider(run, versions, configs, provider):
    raw = RawKaapi(evaluation_runs=[run], config_versions=versions, model_configs=configs)
    (evaluated,) = canonical.evaluation_runs(raw)
    assert evaluated.provider == provider


def test_the_model_of_an_evaluation_is_its_first_name():
    runs = [evaluation(), evaluation(providers="[5]"), evaluation(providers='[""]')]
    models = [run.model for run in canonical.evaluation_runs(RawKaapi(evaluation_runs=runs))]
    assert models == ["gpt-4o", "unknown", "unknown"]


def moment(text):
    return {"inserted_at": datetime.fromisoformat(text)}


def monthly(raw, **parameters):
    rows = kaapi.monthly(raw, "1", AS_OF, **parameters)
    return [(str(r["month"])[:7], r["modality"], r["provider"], r["requests"]) for r in rows]


def test_a_bucket_adds_calls_chains_and_evaluations():
    raw = RawKaapi(
        llm_calls=[call(1), call(2, model="other"), call(3, organization_id=2)],
        llm_chains=[chain('["00000000-0000-0000-0000-000000000001"]')],
        evaluation_runs=[evaluation(), evaluation(cost='{"total_cost_usd": "NaN"}')],
        model_configs=[config()],
    )
    assert kaapi.monthly(raw, "1", AS_OF) == [
        {
            "month": date(2026, 3, 1),
            "modality": "T-FS-T",
            "provider": "openai",
            "llm_call_requests": 2,
            "llm_chain_requests": 1,
            "requests": 3,
            "unpriced_requests": 1,
            "input_tokens": 2000,
            "output_tokens": 200,
            "total_tokens": 2200,
            "cost_usd": Fraction("0.0035"),
            "eval_runs": 2,
            "eval_cost_usd": Fraction("0.1"),
        }
    ]


def test_the_default_window_starts_24_months_back_and_has_no_end():
    raw = RawKaapi(
        llm_calls=[
            call(1, **moment("2024-02-29T23:59:59.999999")),
            call(2, **moment("2024-03-01T00:00:00")),
            call(3, **moment("2099-01-01T00:00:00")),
        ]
    )
    march, far = ("2024-03", "T-FS-T", "openai", 1), ("2099-01", "T-FS-T", "openai", 1)
    assert monthly(raw) == [march, far]
    assert monthly(raw, to_month=date(2026, 2, 28)) == [("2024-02", *march[1:]), march]
    assert monthly(raw, from_month=date(2024, 3, 31), to_month=date(2024, 3, 1)) == [march]


def test_as_of_is_read_in_utc():
    late = datetime.fromisoformat("2026-04-01T01:00:00+02:00")
    assert kaapi.window(late) == (date(2024, 3, 1), None)


def test_filters():
    raw = RawKaapi(llm_calls=[call(1), call(2, project_id=11, provider="google", input_type=None)])
    assert monthly(raw, project_id="11") == [("2026-03", "OTHER", "google", 1)]
    assert monthly(raw, provider="openai") == [("2026-03", "T-FS-T", "openai", 1)]
    assert monthly(raw, modality="OTHER") == [("2026-03", "OTHER", "google", 1)]
    assert monthly(raw, project_id="99") == []


@pytest.mark.parametrize(
    ("argument", "parameters"),
    [
        ("from_month", {"from_month": date(2026, 4, 1), "to_month": date(2026, 3, 31)}),
        ("provider", {"provider": "openai-native"}),
        ("provider", {"provider": "unknown"}),
        ("provider", {"provider": ""}),
        ("modality", {"modality": "t-fs-t"}),
    ],
)
def test_refusals(argument, parameters):
    with pytest.raises(kaapi.Refused) as refusal:
        monthly(RawKaapi(), **parameters)
    assert refusal.value.argument == argument


def test_a_chart_has_a_value_per_label_and_invents_no_month():
    raw = RawKaapi(
        llm_calls=[
            call(1),
            call(2, provider="google", **moment("2026-01-31T23:59:59.999999")),
            call(3, provider="google", input_type="audio"),
        ]
    )
    january, march = date(2026, 1, 1), date(2026, 3, 1)
    chart = kaapi.chart(raw, "1", AS_OF, metric="requests")
    assert chart.labels == [january, march]
    assert [(s.name, s.data, s.tokens["total_tokens"]) for s in chart.series] == [
        ("STT · google", [0, 1], 1100),
        ("T-FS-T · google", [1, 0], 1100),
        ("T-FS-T · openai", [0, 1], 1100),
    ]
    by_provider = kaapi.chart(raw, "1", AS_OF, metric="requests", group_by="provider")
    assert [(s.name, s.data) for s in by_provider.series] == [
        ("google", [1, 1]),
        ("openai", [0, 1]),
    ]
    (total,) = kaapi.chart(raw, "1", AS_OF, metric="requests", group_by="total").series
    assert (total.name, total.data, total.total) == ("total", [1, 2], 3)
    assert total.tokens == {"input_tokens": 3000, "output_tokens": 300, "total_tokens": 3300}
    assert kaapi.chart(raw, "2", AS_OF, metric="requests") == kaapi.Chart([], [])


def test_grouping_by_nothing_gives_one_row_even_over_nothing():
    assert kaapi.group([], (), ("requests",)) == [{"requests": 0}]
    assert kaapi.group([], ("month",), ("requests",)) == []
