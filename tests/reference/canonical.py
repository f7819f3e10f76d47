"""Raw Kaapi rows turned into requests and evaluation runs, rule by rule (definitions 2.2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from . import json_values
from .raw_kaapi import ConfigVersion, EvaluationRun, LlmCall, LlmChain, ModelConfig, RawKaapi

PRICED_PROVIDERS = ("elevenlabs", "google", "openai", "sarvamai")
UNKNOWN = "unknown"
TOKENS_PER_PRICE = 10**6

_CALL_MODALITIES = {
    ("text", "text"): "T-FS-T",
    ("audio", "audio"): "S-FS-S",
    ("audio", "text"): "STT",
    ("text", "audio"): "TTS",
}
_EVALUATION_MODALITIES = {"text": "T-FS-T", "stt": "STT", "tts": "TTS"}
_SUCCESS_OF_STATUS = {"completed": True, "failed": False}
# What Postgres reads as a UUID, the type the ids have in the source: a hyphen may follow any four
# digits, braces may surround the whole.
_UUID = re.compile(r"([0-9a-f]{4}-?){7}[0-9a-f]{4}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """One call or one chain, under the names of fct_requests."""

    request_id: str
    request_kind: str
    organization_id: str
    project_id: str
    session_id: str | None
    chain_id: str | None
    modality: str
    provider: str
    model: str
    status: str | None
    cost_source: str
    is_successful: bool | None
    is_failed: bool | None
    is_priced: bool
    has_model: bool
    input_tokens: int
    output_tokens: int
    computed_cost_usd: Fraction | None
    cost_usd: Fraction
    requested_at: datetime | None
    source_updated_at: datetime | None

    @property
    def month(self) -> date | None:
        return None if self.requested_at is None else self.requested_at.date().replace(day=1)

    @property
    def usage_source(self) -> str:
        if self.request_kind == "chain":
            return "not_applicable"
        return "provider" if self.input_tokens > 0 or self.output_tokens > 0 else "missing"

    @property
    def total_tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def requests(self) -> int:
        return 1

    @property
    def llm_call_requests(self) -> int:
        return int(self.request_kind == "call")

    @property
    def llm_chain_requests(self) -> int:
        return int(self.request_kind == "chain")

    @property
    def unpriced_requests(self) -> int:
        return int(not self.is_priced)


@dataclass(frozen=True, slots=True)
class EvaluatedRun:
    """One evaluation run, under the names of fct_evaluation_runs."""

    evaluation_run_id: str
    organization_id: str
    project_id: str
    modality: str
    provider: str
    model: str
    run_name: str | None
    dataset_name: str | None
    status: str | None
    eval_cost_usd: Fraction
    evaluated_at: datetime
    source_updated_at: datetime | None

    @property
    def month(self) -> date:
        return self.evaluated_at.date().replace(day=1)

    @property
    def eval_runs(self) -> int:
        return 1


def canonical_provider(raw: str | None) -> str:
    return (raw or "").removesuffix("-native") or UNKNOWN


def call_modality(input_type: str | None, output_type: str | None) -> str:
    return _CALL_MODALITIES.get((input_type or "", output_type or ""), "OTHER")


def evaluation_modality(evaluation_type: str | None) -> str:
    return _EVALUATION_MODALITIES.get((evaluation_type or "").lower(), "OTHER")


def requests(raw: RawKaapi) -> list[Request]:
    """Every live call and every chain, each once, also one without a time (C5)."""
    prices = _prices(raw.model_configs)
    calls_by_id = {call.id: call for call in raw.llm_calls}
    calls = [_request_of_call(c, prices) for c in raw.llm_calls if c.deleted_at is None]
    chains = [_request_of_chain(chain, calls_by_id) for chain in raw.llm_chains]
    return [*calls, *chains]


def evaluation_runs(raw: RawKaapi) -> list[EvaluatedRun]:
    """Every evaluation run, whatever its status."""
    stored = {(c.config_id, c.version): c for c in raw.config_versions}
    providers = _providers_of_models(raw.model_configs)
    runs = [_evaluated_run(run, stored, providers) for run in raw.evaluation_runs]
    return [run for run in runs if run is not None]


_Prices = dict[tuple[str, str], tuple[Fraction, Fraction] | None]


def _prices(configs: Iterable[ModelConfig]) -> _Prices:
    """Active prices by canonical provider and model; ``None`` where the row has no usable price.

    Where `openai` and `openai-native` are both configured, the row spelt as the canonical provider
    wins, whatever its price.
    """
    prices: _Prices = {}
    rows = [c for c in configs if c.is_active is True and c.model_name is not None]
    for row in sorted(rows, key=lambda c: c.provider == canonical_provider(c.provider)):
        assert row.model_name is not None
        response = json_values.member(json_values.parse(row.pricing), "response")
        pair = tuple(
            json_values.price_value(json_values.member(response, key))
            for key in ("input_token_cost", "output_token_cost")
        )
        prices[canonical_provider(row.provider), row.model_name] = (
            None if pair[0] is None or pair[1] is None else (pair[0], pair[1])
        )
    return prices


def _request_of_call(call: LlmCall, prices: _Prices) -> Request:
    provider = canonical_provider(call.provider)
    usage = json_values.parse(call.usage)
    input_tokens = json_values.token_value(json_values.member(usage, "input_tokens"))
    output_tokens = json_values.token_value(json_values.member(usage, "output_tokens"))
    price = (
        prices.get((provider, call.model))
        if provider in PRICED_PROVIDERS and call.model is not None
        else None
    )
    cost = (
        None
        if price is None
        else (input_tokens * price[0] + output_tokens * price[1]) / TOKENS_PER_PRICE
    )
    return Request(
        request_id=str(call.id),
        request_kind="call",
        organization_id=_owner(call.organization_id),
        project_id=_owner(call.project_id),
        session_id=call.conversation_id or None,
        chain_id=None if call.chain_id is None else str(call.chain_id),
        modality=call_modality(call.input_type, call.output_type),
        provider=provider,
        model=call.model or UNKNOWN,
        status=None,
        cost_source="unpriced" if cost is None else "model_config",
        is_successful=None,
        is_failed=None,
        is_priced=cost is not None,
        has_model=bool(call.model),
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        computed_cost_usd=cost,
        cost_usd=cost if cost is not None else Fraction(0),
        requested_at=call.inserted_at,
        source_updated_at=call.updated_at,
    )


def _request_of_chain(chain: LlmChain, calls_by_id: dict[UUID, LlmCall]) -> Request:
    first = json_values.first_element(json_values.parse(chain.block_sequences))
    first_id = _uuid(first) if isinstance(first, str) else None
    call = None if first_id is None else calls_by_id.get(first_id)
    is_successful = _SUCCESS_OF_STATUS.get(chain.status or "")
    return Request(
        request_id=str(chain.id),
        request_kind="chain",
        organization_id=_owner(chain.organization_id),
        project_id=_owner(chain.project_id),
        session_id=None,
        chain_id=str(chain.id),
        modality="OTHER" if call is None else call_modality(call.input_type, call.output_type),
        provider=UNKNOWN if call is None else canonical_provider(call.provider),
        model=UNKNOWN,
        status=chain.status or None,
        cost_source="not_applicable",
        is_successful=is_successful,
        is_failed=None if is_successful is None else not is_successful,
        is_priced=True,
        has_model=False,
        input_tokens=0,
        output_tokens=0,
        computed_cost_usd=Fraction(0),
        cost_usd=Fraction(0),
        requested_at=chain.inserted_at,
        source_updated_at=chain.updated_at,
    )


def _providers_of_models(configs: Iterable[ModelConfig]) -> dict[str, set[str]]:
    providers: dict[str, set[str]] = {}
    for row in configs:
        if row.model_name is not None:
            providers.setdefault(row.model_name, set()).add(canonical_provider(row.provider))
    return providers


def _evaluated_run(
    run: EvaluationRun,
    stored: dict[tuple[UUID, int], ConfigVersion],
    providers_of_models: dict[str, set[str]],
) -> EvaluatedRun | None:
    if run.inserted_at is None:
        return None
    first = json_values.first_element(json_values.parse(run.providers))
    model = first if isinstance(first, str) and first else None
    cost = json_values.member(json_values.parse(run.cost), "total_cost_usd")
    provider = _stored_provider(run, stored)
    if provider == UNKNOWN and model is not None:
        candidates = providers_of_models.get(model, set())
        provider = next(iter(candidates)) if len(candidates) == 1 else UNKNOWN
    return EvaluatedRun(
        evaluation_run_id=str(run.id),
        organization_id=_owner(run.organization_id),
        project_id=_owner(run.project_id),
        modality=evaluation_modality(run.type),
        provider=provider,
        model=model or UNKNOWN,
        run_name=run.run_name or None,
        dataset_name=run.dataset_name or None,
        status=run.status or None,
        eval_cost_usd=json_values.evaluation_cost(cost),
        evaluated_at=run.inserted_at,
        source_updated_at=run.updated_at,
    )


def _stored_provider(run: EvaluationRun, stored: dict[tuple[UUID, int], ConfigVersion]) -> str:
    """The provider of the stored configuration, soft-deleted or not; `unknown` without one."""
    if run.config_id is None or run.config_version is None:
        return UNKNOWN
    version = stored.get((run.config_id, run.config_version))
    blob: Any = None if version is None else json_values.parse(version.config_blob)
    provider = json_values.member(json_values.member(blob, "completion"), "provider")
    return canonical_provider(provider) if isinstance(provider, str) else UNKNOWN


def _uuid(text: str) -> UUID | None:
    bare = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    return UUID(bare) if _UUID.fullmatch(bare) else None


def _owner(owner_id: int | None) -> str:
    return UNKNOWN if owner_id is None else str(owner_id)
