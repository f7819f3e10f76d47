"""Random raw Enclava rows around an instant, dense in the edges of definitions, section 6."""

from datetime import datetime, timedelta
from random import Random

from .dice import AS_OF, MICROSECOND, ODD_TEXTS, Dice
from .enclava import LONGEST_DAYS, LONGEST_HOURS
from .raw_enclava import ApiKey, Budget, RawEnclava, UsageTracking, User
from .windows import instant, midnight

USERS = range(1, 7)
KEYS = range(1, 13)
HOURS = (1, 2, 24, 25, LONGEST_HOURS)
DAYS = (1, 7, 30, 31, LONGEST_DAYS)

# More than the ten a list shows, so that ties decide what is cut.
_ENDPOINTS = [*(f"/api/v1/route{n}" for n in range(9)), "/", "/A", "/a b", *ODD_TEXTS[-4:]]
_METHODS = ["GET", "GET", "POST", "POST", "DELETE", "get"]
_MODELS = [*(f"model-{n}" for n in range(8)), *ODD_TEXTS]
_STATUSES = [200, 200, 201, 204, 301, 304, 399, 400, 401, 404, 429, 499, 500, 503, 100, 0]
_TOKENS = [0, 0, 1, 2, 3, 7, 100, 1001, 250_000, 2**31 - 1]
_CENTS = [0, 0, 1, 1, 2, 3, 5, 15, 999, 100_000, 2**31 - 1]
_RESPONSE_TIMES = [0, 1, 2, 4, 5, 499, 500, 1999, 2000, 2001, 4999, 5000, 5001, 60_000]
# Percentages just on, below and above every threshold, before and after rounding.
_BUDGETS = [
    (0, 0),
    (0, 5),
    (100, 80),
    (100, 79),
    (101, 80),
    (100, 81),
    (100_000, 90_004),
    (100_000, 90_005),
    (100_000, 75_004),
    (100_000, 75_005),
    (1000, 0),
    (1, 2),
    (5, 4),
]


def generate(seed: int, *, as_of: datetime = AS_OF, requests: int = 900) -> RawEnclava:
    """Rows of six users, most of them near the edges of the windows that end at `as_of`."""
    draw = _Generator(Random(f"enclava/{seed}"), as_of)
    return RawEnclava(
        users=[draw.user(number) for number in USERS],
        api_keys=[draw.api_key(number) for number in KEYS],
        budgets=[draw.budget(number) for number in range(1, draw.pick([1, 2, 2, 3, 6, 30]))],
        usage_tracking=[draw.request(number) for number in range(1, requests + 1)],
    )


class _Generator(Dice):
    def __init__(self, rng: Random, as_of: datetime):
        super().__init__(rng)
        self.now = instant(as_of)
        self.edges = [
            self.now,
            midnight(as_of),
            *(self.now - timedelta(hours=hours) for hours in HOURS),
            *(self.now - timedelta(days=days) for days in DAYS),
        ]
        # A seed's own traffic: some days nothing fails, some days everything does.
        self.failures = self.pick([0.0, 0.04, 0.06, 0.11, 0.5])
        # Few requests in the last hour give shares that lie exactly on a threshold.
        self.reaches = [timedelta(days=1), timedelta(days=40), timedelta(hours=self.pick([1, 20]))]
        self.slowness = self.pick([100, 1990, 2010, 4990, 5010])

    def moment(self) -> datetime | None:
        if self.chance(0.02):
            return None
        if self.chance(0.3):
            return self.near(self.edges, MICROSECOND)
        reach = self.pick(self.reaches)
        return self.within(self.now - reach, self.now + reach / 20, MICROSECOND)

    def user(self, number: int) -> User:
        return User(
            id=number,
            email=f"user{number}@example.org",
            is_active=self.chance(0.8),
            is_superuser=number == 1,
            created_at=self.now,
        )

    def api_key(self, number: int) -> ApiKey:
        return ApiKey(
            id=number,
            user_id=self.pick(USERS),
            name=self.pick(ODD_TEXTS),
            is_active=self.pick([True, False, None]),
            total_requests=self.rng.randrange(1000),
            total_tokens=7,
            total_cost=9,
        )

    def budget(self, number: int) -> Budget:
        limit, used = self.pick(_BUDGETS)
        return Budget(
            id=number,
            name=self.pick(ODD_TEXTS),
            user_id=self.pick(USERS),
            api_key_id=self.maybe(self.pick(KEYS), 0.6),
            limit_cents=limit,
            current_usage_cents=self.maybe(used),
            is_active=self.pick([True, True, True, False, None]),
            is_exceeded=self.pick([False, False, None, self.chance(0.5)]),
        )

    def request(self, number: int) -> UsageTracking:
        failed = self.chance(self.failures)
        status = self.pick([s for s in _STATUSES if (s >= 400) == failed])
        near_slowness = self.slowness + self.rng.randrange(-20, 21)
        return UsageTracking(
            id=number,
            api_key_id=self.pick(KEYS),
            user_id=self.pick(USERS),
            budget_id=self.maybe(1, 0.5),
            endpoint=self.pick(_ENDPOINTS),
            method=self.pick(_METHODS),
            model=self.mostly(_MODELS, [None, "", " "], 0.8),
            request_tokens=self.maybe(3),
            response_tokens=self.maybe(4),
            total_tokens=self.maybe(self.pick(_TOKENS)),
            cost_cents=self.maybe(self.pick(_CENTS)),
            response_time_ms=self.maybe(
                self.mostly([near_slowness], _RESPONSE_TIMES, 0.7), share=0.85
            ),
            status_code=self.maybe(status, 0.95),
            request_metadata=self.pick([None, "{}", '{"note": "x"}']),
            created_at=self.moment(),
        )
