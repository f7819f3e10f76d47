"""Random raw LiteLLM rows around an instant, dense in the edges of definitions 3 and 4."""

from datetime import date, datetime, timedelta
from random import Random

from .dice import AS_OF, MILLISECOND, ODD_TEXTS, Dice
from .raw_litellm import DailyTagSpend, RawLiteLlm, SpendLog, User, VerificationToken
from .windows import instant, midnight, today

SHORT, USUAL, LONG = timedelta(hours=1), timedelta(days=3), timedelta(days=17)

TAGS = [
    "User-Agent: claude-cli",
    "User-Agent: Claude-CLI",
    "User-Agent: claude-cli/1.0_beta",
    "User-Agent:",
    "user-agent: claude-cli",
    "team:blue",
    "50%_off",
    "50 off",
    "back\\slash",
    "plain",
    "PLAIN",
    "Ünïcode",
    "ünïcode",
    "a:b",
    "",
    "zebra",
    "Zebra",
]
FILTER_TEXTS = ["claude", "CLAUDE", "%", "_", "\\", "l_i", "USER-agent:", "ü", "Ü", ":", "zzz", " "]
# More than the 250 a list shows, nearly all of them used once.
_RARE_TAGS = [f"rare-{number}" for number in range(600)]
_NO_DATES = ["", " ", "2026-02-30", "2026-3-15", "20260315", "2026-03-15T00:00:00", "today"]
_OWNERS = ["user-1", "user-2", "user-10", "User-2", "émile", "%", None, "", " ", "gone-user"]
_COUNTS = [0, 0, 1, 1, 2, 3, 10, 1000, 2**31, 2**40]
_CACHE_HITS = ["True", "True", "False", "False", "None", "", None, "true", "FALSE", "True ", "1"]
_STATUSES = ["success"] * 6 + ["failure", "failure", "Success", "success ", "", None, "timeout"]
_LATENCIES = [0, 1, 2, 3, 5, 499, 500, 999, 1000, 1001, 60_000, 86_400_000, -1, -500]
_LOG_TOKENS = [0, 1, 2, 3, 5, 10, 999, 1000, 2**31 - 1]
# More than the 25 a list shows, most of them rare, so that ties decide what is cut.
_LOG_MODELS = [*(f"model-{n}" for n in range(20)), *ODD_TEXTS]


def generate(
    seed: int, *, as_of: datetime = AS_OF, logs: int = 900, tag_rows: int = 900
) -> RawLiteLlm:
    """Rows of both halves, most of them near the edges of the windows that end at `as_of`."""
    draw = _Generator(Random(f"litellm/{seed}"), as_of)
    return RawLiteLlm(
        daily_tag_spend=[draw.tag_row(number) for number in range(tag_rows)],
        verification_tokens=[draw.token(number) for number in range(20)],
        users=[draw.user(owner) for owner in _OWNERS if owner and owner != "gone-user"],
        spend_logs=[draw.log(number) for number in range(logs)],
    )


class _Generator(Dice):
    def __init__(self, rng: Random, as_of: datetime):
        super().__init__(rng)
        # Raw times have milliseconds; an instant between two of them is in no row.
        now = instant(as_of)
        self.now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        start = midnight(as_of)
        self.edges = [
            *(self.now - timedelta(hours=hours) for hours in (0, 1, 24, 48)),
            *(start - timedelta(days=days) for days in (0, 7, 14)),
            *(start - timedelta(hours=hours) for hours in (1, 5, 23)),
        ]
        # A seed's own counts: small ones make sums that tie.
        self.counts = self.pick([[0], [0, 1], [1, 2], _COUNTS])
        self.log_tokens = self.pick([[0], [0, 1], _LOG_TOKENS[:-1]])
        self.tags = self.pick([TAGS, TAGS, [*TAGS, *_RARE_TAGS]])
        self.models = self.rng.sample(_LOG_MODELS, self.pick([8, len(_LOG_MODELS)]))
        self.silent_models = self.models[:3]
        last = today(as_of) + timedelta(days=1)
        edge_days = [0, 1, 6, 7, 8, 29, 30, 31, 48, 49, 50, 179, 180, 181, 209, 210, 211]
        self.edge_dates = [last - timedelta(days=days) for days in [-1, *edge_days]]

    # The spend log.

    def started(self) -> datetime | None:
        if self.chance(0.01):
            return None
        if self.chance(0.3):
            return self.near(self.edges, MILLISECOND)
        reach = self.pick([SHORT, USUAL, LONG, LONG, 40 * LONG])
        return self.within(self.now - reach, self.now + reach / 20, MILLISECOND)

    def log(self, number: int) -> SpendLog:
        started = self.started()
        prompt, completion = self.pick(self.log_tokens), self.pick(self.log_tokens)
        total = self.mostly([prompt + completion], [prompt + completion + 7, *_LOG_TOKENS], 0.9)
        model = self.mostly(self.models, [None, "", " "], 0.9)
        # No row of a silent model says how many tokens it took: its sums are sums of nothing.
        told = 0.0 if model in self.silent_models else 0.9
        return SpendLog(
            request_id=f"request-{number}",
            call_type="acompletion",
            api_key=f"key-{self.rng.randrange(20)}",
            spend=self.amount(),
            total_tokens=self.maybe(total, told),
            prompt_tokens=self.maybe(prompt, told),
            completion_tokens=self.maybe(completion, told),
            startTime=started,
            endTime=self.later(started),
            completionStartTime=self.later(started),
            request_duration_ms=self.maybe(77),
            model=model,
            user=self.pick([None, "", " ", *_OWNERS]),
            cache_hit=self.pick(_CACHE_HITS),
            session_id=self.pick([None, "", "s1", "S1", "s2", f"s{number}"]),
            status=self.pick(_STATUSES),
            metadata="{}",
            request_tags='["User-Agent: claude-cli"]',
        )

    def later(self, started: datetime | None) -> datetime | None:
        if started is None or self.chance(0.15):
            return None
        spread = self.pick([1, 10, 1000, 30_000])
        return started + MILLISECOND * self.mostly(
            [self.rng.randrange(spread)], _LATENCIES, share=0.7
        )

    # Tag spend.

    def spent_on(self) -> str | None:
        if self.chance(0.02):
            return self.pick([None, None, *_NO_DATES])
        if self.chance(0.5):
            return self.pick(self.edge_dates).isoformat()
        reach = self.pick([10, 60, 230, 800])
        day: date = self.edge_dates[0] - timedelta(days=self.rng.randrange(reach))
        return day.isoformat()

    def tag_row(self, number: int) -> DailyTagSpend:
        return DailyTagSpend(
            id=f"row-{number}",
            request_id=self.maybe(f"request-{number % 7}", 0.5),
            tag=self.mostly(self.tags, [None], 0.92),
            date=self.spent_on(),
            # Some keys have no token.
            api_key=self.maybe(f"key-{self.rng.randrange(23)}", 0.98),
            model=self.pick([None, "gpt-4o"]),
            prompt_tokens=self.maybe(self.pick(self.counts)),
            completion_tokens=self.maybe(self.pick(self.counts)),
            cache_read_input_tokens=5,
            cache_creation_input_tokens=5,
            spend=self.amount(),
            api_requests=self.maybe(self.pick(self.counts[:6])),
            successful_requests=self.maybe(self.pick(self.counts[:5])),
            failed_requests=self.maybe(self.pick(self.counts[:5])),
            created_at=self.now,
            updated_at=self.now,
        )

    def token(self, number: int) -> VerificationToken:
        return VerificationToken(
            token=f"key-{number}",
            user_id=self.pick(_OWNERS),
            key_alias=self.pick(ODD_TEXTS),
            spend=1.5,
            models=["gpt-4o", 'a "quoted", one'],
            blocked=self.pick([None, True, False]),
        )

    def user(self, user_id: str) -> User:
        return User(
            user_id=user_id,
            user_email=self.mostly([f"{user_id}@example.org"], [None, ""], 0.6),
            max_budget=0.5,
            models=[],
        )
