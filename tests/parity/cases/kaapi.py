"""What kaapi's figures are asked: by each organisation, about its own rows."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tests.reference.canonical import PRICED_PROVIDERS
from tests.reference.edge_values import AROUND
from tests.reference.kaapi import MODALITIES
from tests.reference.raw_kaapi import RawKaapi

Parameters = dict[str, Any]

ORGANIZATIONS = 3
_AS_OF = AROUND.replace(hour=12, tzinfo=UTC)
_QUESTIONS = 20
_METRICS = ("requests", "cost", "eval_runs", "eval_cost")
_NO_PROVIDERS = ("openai-native", "unknown", "OpenAI", "", "no-such-provider")


def cases(figure: str, rng: Random, raw: RawKaapi) -> list[tuple[datetime, Parameters]]:
    draw = _Draw(rng, raw)
    drawn: list[Parameters] = []
    for number in range(1, ORGANIZATIONS + 1):
        asked = [{}, *(draw.parameters() for _ in range(_QUESTIONS)), *draw.refused()]
        drawn += [{"organization": str(number), **each} for each in asked]
    if figure.startswith("kaapi.chart."):
        drawn = [{**each, "metric": rng.choice(_METRICS)} for each in drawn]
        drawn.append({"organization": "1", "metric": "no_such_metric"})
    return [(draw.moment(), each) for each in drawn]


class _Draw:
    def __init__(self, rng: Random, raw: RawKaapi):
        self.rng = rng
        self.projects = [str(project.id) for project in raw.projects]

    def moment(self) -> datetime:
        """Mostly in the middle of the rows, at times at the first or last instant of a month."""
        moments = [
            _AS_OF,
            _AS_OF,
            _AS_OF + timedelta(days=self.rng.choice([-400, -31, 17, 40, 900])),
            datetime(2026, 3, 1, tzinfo=UTC),
            datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC),
        ]
        return self.rng.choice(moments)

    def day(self) -> date:
        return _AS_OF.date() + timedelta(days=self.rng.randrange(-900, 60))

    def parameters(self) -> Parameters:
        """Some of them; a project may be another organisation's, or nobody's."""
        first, last = sorted([self.day(), self.day()])
        chosen: Parameters = {
            "project_id": self.rng.choice([*self.projects, "no-such-project"]),
            "from_month": first,
            "to_month": self.rng.choice([last, last, first]),
            "modality": self.rng.choice(MODALITIES),
            "provider": self.rng.choice(sorted(PRICED_PROVIDERS)),
        }
        return {name: value for name, value in chosen.items() if self.rng.random() < 0.4}

    def refused(self) -> list[Parameters]:
        return [
            *({"provider": provider} for provider in _NO_PROVIDERS),
            {"modality": "SPEECH"},
            {"from_month": date(2026, 3, 1), "to_month": date(2026, 2, 28)},
            {"from_month": date(2026, 4, 1), "to_month": date(2026, 3, 31)},
        ]
