"""Random raw Kaapi rows, dense in everything the definitions call an edge.

`generate(seed)` always gives the same rows. Each organisation is a case of its own; prices and
stored configurations are shared, as they are in the source.
"""

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from . import edge_values as edges
from .raw_kaapi import (
    ConfigVersion,
    EvaluationRun,
    LlmCall,
    LlmChain,
    ModelConfig,
    Organization,
    Project,
    RawKaapi,
)

MICROSECOND = timedelta(microseconds=1)
T = TypeVar("T")


def generate(seed: int, *, organizations: int = 6, around: datetime = edges.AROUND) -> RawKaapi:
    """Raw rows of so many organisations, most of them within 30 months of `around`."""
    shared = _Generator(Random(f"{seed}"), around)
    raw = RawKaapi(model_configs=shared.model_configs(), config_versions=shared.config_versions())
    for number in range(1, organizations + 1):
        case = _Generator(Random(f"{seed}/{number}"), around, number)
        case.add_organization(raw)
    return raw


@dataclass
class _Generator:
    rng: Random
    around: datetime
    organization_id: int = 0
    _months: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Few months, so that buckets hold several rows; far ones, so that windows leave some out.
        offsets = [*self.rng.sample(range(-30, 4), 5), 0, -23, -24, -25]
        self._months = [edges.first_of_month(self.around, offset) for offset in offsets]

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, values: Sequence[T]) -> T:
        return self.rng.choice(values)

    def mostly(self, usual: Sequence[T], odd: Sequence[T], share: float = 0.75) -> T:
        return self.pick(usual) if self.chance(share) else self.pick(odd)

    def uuid(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128))

    def moment(self) -> datetime:
        if self.chance(0.06):
            return self.pick(edges.FAR_MOMENTS)
        month = self.pick(self._months)
        if self.chance(0.2):
            return month + self.pick([timedelta(0), -MICROSECOND, MICROSECOND])
        seconds = self.rng.randrange(27 * 86_400)
        return month + timedelta(seconds=seconds, microseconds=self.rng.randrange(10**6))

    def stamps(self) -> dict[str, Any]:
        moment = self.moment()
        return {"inserted_at": moment, "updated_at": moment + self.rng.randrange(3) * MICROSECOND}

    def event_stamps(self) -> dict[str, Any]:
        stamps: dict[str, Any] = self.stamps()
        if self.chance(0.01):
            stamps[self.pick(list(stamps))] = None
        return stamps

    # What all organisations share.

    def model_configs(self) -> list[ModelConfig]:
        rows: list[ModelConfig] = []
        pairs = [(p, m) for p in edges.CONFIG_PROVIDERS for m in edges.MODELS if m is not None]
        usual = [pair for pair in pairs if pair[0] in edges.USUAL_CONFIG_PROVIDERS]
        for provider, model in sorted(
            {*self.rng.sample(usual, len(usual) * 2 // 3), *self.rng.sample(pairs, 25)}
        ):
            rows.append(
                ModelConfig(
                    id=len(rows) + 1,
                    provider=provider,
                    model_name=model,
                    pricing=self.pricing(model),
                    is_active=self.pick([True, True, True, False]),
                    completion_type=["text", 'a "quoted", one'],
                    config="{}",
                    input_modalities=["TEXT"],
                    output_modalities=None,
                    **self.stamps(),
                )
            )
        return rows

    def pricing(self, model: str) -> str | None:
        if self.chance(0.1):
            return self.pick(edges.ODD_PRICINGS)
        usual = edges.LAVISH_PRICES if model == edges.LAVISH_MODEL else edges.PRICES
        prices = {
            key: self.mostly(usual, edges.ODD_PRICES, 0.9)
            for key in ("input_token_cost", "output_token_cost")
        }
        if self.chance(0.08):
            del prices[self.pick(list(prices))]
        # Batch prices lie beside the response prices and must never be used.
        batch = '"batch": {"input_token_cost": 77, "output_token_cost": 78}'
        return f'{{"response": {edges.object_text(prices)}, {batch}}}'

    def config_versions(self) -> list[ConfigVersion]:
        rows: list[ConfigVersion] = []
        for config_id in edges.CONFIG_IDS:
            for version in range(1, 5):
                deleted = self.moment() if self.chance(0.25) else None
                rows.append(
                    ConfigVersion(
                        id=self.uuid(),
                        config_id=config_id,
                        version=version,
                        config_blob=self.config_blob(),
                        commit_message=self.pick(edges.NAMES),
                        deleted_at=deleted,
                        **self.stamps(),
                    )
                )
        return rows

    def config_blob(self) -> str | None:
        if self.chance(0.15):
            return self.pick(edges.ODD_BLOBS)
        if self.chance(0.25):
            return f'{{"completion": {{"provider": {self.pick(edges.ODD_BLOB_PROVIDERS)}}}}}'
        provider = self.mostly(edges.USUAL_PROVIDERS, edges.ODD_PROVIDERS, 0.6)
        return json.dumps({"completion": {"provider": provider, "params": {"model": "x"}}})

    # What belongs to one organisation.

    def add_organization(self, raw: RawKaapi) -> None:
        owner = self.organization_id
        name = self.pick(edges.NAMES)
        raw.organizations.append(Organization(owner, name, self.chance(0.8), **self.stamps()))
        projects = [owner * 10 + n for n in range(self.rng.randrange(1, 4))]
        raw.projects += [
            Project(p, owner, self.pick(edges.NAMES), self.chance(0.8), **self.stamps())
            for p in projects
        ]
        calls = [self.call(projects) for _ in range(self.rng.randrange(90, 160))]
        # A chain may have started with a call of another organisation's.
        known_calls = calls + self.rng.sample(raw.llm_calls, min(5, len(raw.llm_calls)))
        raw.llm_calls += calls
        chains = [self.chain(projects, known_calls) for _ in range(self.rng.randrange(40, 70))]
        raw.llm_chains += chains
        for _ in range(self.rng.randrange(60, 100)):
            raw.evaluation_runs.append(self.evaluation(len(raw.evaluation_runs) + 1, projects))

    def owner(self, projects: list[int]) -> dict[str, Any]:
        if self.chance(0.01):
            return {"organization_id": None, "project_id": None}
        project = None if self.chance(0.04) else self.pick(projects)
        return {"organization_id": self.organization_id, "project_id": project}

    def call(self, projects: list[int]) -> LlmCall:
        model = self.mostly(edges.USUAL_MODELS, edges.MODELS)
        return LlmCall(
            id=self.uuid(),
            job_id=self.uuid(),
            chain_id=self.uuid() if self.chance(0.3) else None,
            input_type=self.mostly(["text", "audio"], edges.ODD_CALL_TYPES, 0.85),
            output_type=self.mostly(["text", "audio"], edges.ODD_CALL_TYPES, 0.85),
            provider=self.mostly(edges.USUAL_PROVIDERS, edges.ODD_PROVIDERS, 0.7),
            model=model,
            provider_response_id=None,
            conversation_id=self.pick([None, "", *edges.NAMES]),
            usage=self.usage(model),
            deleted_at=self.moment() if self.chance(0.12) else None,
            **self.owner(projects),
            **self.event_stamps(),
        )

    def usage(self, model: str | None) -> str | None:
        if self.chance(0.1):
            return self.pick(edges.ODD_USAGES)
        # The dearest model only gets small counts: money has 16 digits before the point.
        odd = edges.SMALL_TOKENS if model == edges.LAVISH_MODEL else edges.ODD_TOKENS
        members = {
            key: self.mostly(edges.USUAL_TOKENS, odd, 0.6)
            for key in ("input_tokens", "output_tokens")
        }
        if self.chance(0.1):
            del members[self.pick(list(members))]
        members["total_tokens"] = "123456"
        if self.chance(0.1):
            repeated = f'"input_tokens": {self.pick(edges.SMALL_TOKENS)}, '
            return "{" + repeated + edges.object_text(members)[1:]
        return edges.object_text(members)

    def chain(self, projects: list[int], calls: list[LlmCall]) -> LlmChain:
        return LlmChain(
            # Now and then the id of a call: chains and calls are numbered independently.
            id=self.pick(calls).id if self.chance(0.003) else self.uuid(),
            job_id=self.uuid(),
            status=self.pick(["pending", "running", "failed", "completed"]),
            error=None,
            block_sequences=self.block_sequences(self.pick(calls).id, self.pick(calls).id),
            total_blocks=2,
            number_of_blocks_processed=1,
            total_usage='{"input_tokens": 999, "output_tokens": 999}',
            **self.owner(projects),
            **self.event_stamps(),
        )

    def block_sequences(self, first: UUID, second: UUID) -> str | None:
        if self.chance(0.3):
            odd = self.pick(edges.ODD_BLOCK_SEQUENCES)
            fours = "-".join(textwrap.wrap(first.hex, 4))
            spellings = {"@ID": str(first), "@HEX": first.hex, "@FOURS": fours}
            for name, spelling in spellings.items():
                odd = odd and odd.replace(name, spelling)
            return odd
        spelling = self.pick([str(first), str(first).upper(), str(first).title()])
        return json.dumps(self.pick([[spelling], [spelling, str(second)], [spelling, 5, None]]))

    def evaluation(self, number: int, projects: list[int]) -> EvaluationRun:
        return EvaluationRun(
            id=number,
            run_name=self.pick(edges.NAMES),
            dataset_name=self.pick(edges.NAMES),
            dataset_id=self.pick([None, 3]),
            type=self.pick(edges.EVALUATION_TYPES),
            providers=self.evaluated_models(),
            config_id=self.pick([None, *edges.CONFIG_IDS, *edges.CONFIG_IDS, self.uuid()]),
            config_version=self.pick([None, 1, 1, 2, 2, 3, 4, 99]),
            status=self.pick(["pending", "processing", "completed", "failed"]),
            run_mode=None,
            total_items=7,
            error_message=None,
            cost=self.evaluation_cost(),
            **self.owner(projects),
            **self.event_stamps(),
        )

    def evaluated_models(self) -> str | None:
        if self.chance(0.25):
            return self.pick(edges.ODD_EVALUATED_MODELS)
        model = self.pick([m for m in edges.MODELS if m is not None])
        return json.dumps(self.pick([[model], [model, "gpt-4o"], [model, None]]))

    def evaluation_cost(self) -> str | None:
        if self.chance(0.15):
            return self.pick(edges.ODD_EVALUATION_COSTS)
        return f'{{"total_cost_usd": {self.pick(edges.COST_VALUES)}, "total": 9}}'
