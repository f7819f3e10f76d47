"""One question to a figure, and which figures there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from tests.parity.cases import auto_analyst as auto_analyst_cases
from tests.parity.cases import enclava as enclava_cases
from tests.parity.cases import kaapi as kaapi_cases
from tests.parity.cases import litellm_tags as litellm_tags_cases
from tests.parity.cases import litellm_usage as litellm_usage_cases
from tests.reference import (
    auto_analyst,
    enclava,
    kaapi,
    litellm_tags,
    litellm_usage,
    random_auto_analyst,
    random_enclava,
    random_litellm,
    random_rows,
)
from tests.reference.kaapi import Refused


@dataclass(frozen=True)
class Case:
    """The figure's parameters as the definitions spell them; no value: the default is asked for."""

    as_of: datetime
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """A group of figures that share raw tables."""

    source_system: str
    figures: dict[str, Callable[..., Any]]
    raw: Callable[[int], Any]
    cases: Callable[[str, Random, Any], list[tuple[datetime, dict[str, Any]]]]
    # Names whose values are quotients that need not end: compared to fifteen digits, not exactly.
    quotients: frozenset[str] = frozenset()


SYSTEMS: Sequence[System] = (
    System(
        "kaapi",
        kaapi.FIGURES,
        partial(random_rows.generate, organizations=kaapi_cases.ORGANIZATIONS),
        kaapi_cases.cases,
    ),
    System(
        "litellm",
        litellm_tags.FIGURES,
        random_litellm.generate,
        litellm_tags_cases.cases,
        litellm_tags_cases.QUOTIENTS,
    ),
    System(
        "litellm",
        litellm_usage.FIGURES,
        random_litellm.generate,
        litellm_usage_cases.cases,
        litellm_usage_cases.QUOTIENTS,
    ),
    System(
        "auto_analyst",
        auto_analyst.FIGURES,
        random_auto_analyst.generate,
        auto_analyst_cases.cases,
        auto_analyst_cases.QUOTIENTS,
    ),
    System(
        "enclava",
        enclava.FIGURES,
        random_enclava.generate,
        enclava_cases.cases,
        enclava_cases.QUOTIENTS,
    ),
)
FIGURES: dict[str, System] = {name: system for system in SYSTEMS for name in system.figures}


def cases_of(figure: str, seed: int, raw: Any) -> list[Case]:
    """The same cases for the same seed, each once."""
    system = FIGURES[figure]
    drawn = system.cases(figure, Random(f"{figure}/{seed}"), raw)
    return [Case(as_of, parameters) for as_of, parameters in drawn]


def expected(figure: str, raw: Any, case: Case) -> Any:
    """What the definitions say; the refusal where they say there is no answer."""
    try:
        return FIGURES[figure].figures[figure](raw, as_of=case.as_of, **case.parameters)
    except Refused as refusal:
        return refusal
