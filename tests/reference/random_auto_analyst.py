"""Random raw Auto-Analyst rows around an instant, dense in the edges of definitions, section 5."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from .auto_analyst_executions import ERROR_CATEGORIES
from .auto_analyst_periods import DAYS_OF_PERIOD
from .auto_analyst_tiers import TIERS
from .dice import AS_OF, MICROSECOND, ODD_TEXTS, Dice
from .raw_auto_analyst import (
    Chat,
    CodeExecution,
    Message,
    MessageFeedback,
    ModelUsage,
    RawAutoAnalyst,
    User,
)
from .windows import instant, midnight

# More users than the ten a list shows; 9 and 10 sort differently as text and as numbers.
USERS = range(1, 16)
CHATS = range(1, 40)
MESSAGES = range(1, 200)

_LISTED_MODELS = [model for _, _, models in TIERS.values() for model in models]
_MODELS = [*_LISTED_MODELS, "GPT-5", "gpt-5 ", "gpt-5.4-PRO", "o3-mini", "", *ODD_TEXTS[:6]]
_TOKENS = [0, 0, 1, 1, 2, 3, 5, 10, 999, 1000, 2**31 - 1]
_TIMES = [0, 0, 1, 2, 499, 500, 1500, 60_000]
_COMPLETIONS = [0, 0, 1, 2, 500, -1, None]
_TEMPERATURES = [0.0, 0.1, 0.7, 1.0, 2.0, None]
_AGENTS = ["planner", "Planner", "viz_agent", "sk_learn_agent", "", "é", "🙂", 'a "b"', "o'x"]

ODD_AGENT_LISTS = [
    None,
    "",
    " ",
    "null",
    "[]",
    "{}",
    '"planner"',
    "5",
    "true",
    "['planner']",
    '["planner"',
    '["planner",]',
    '["planner"] x',
    '{"planner": 1}',
    '[null, 5, true, {"a": "planner"}, ["planner"], "planner"]',
    '["planner", "planner", "Planner"]',
    ' \n["planner"]\t ',
    '["pl\\u0061nner"]',
    '["\\u0000"]',
    '["\\ud83d"]',
    '["\\ud83d\\ude42"]',
    "[NaN]",
    '["planner", Infinity]',
    '["tab\there"]',
    "[1e400, 12345678901234567890.5]",
    "planner, viz_agent",
    "[" * 99 + '"planner"' + "]" * 99,
    '["planner", ' + "[" * 99 + "]" * 99 + "]",
    '["planner", ' + "[" * 100 + "]" * 100 + "]",
    "[" * 100_000,
    '["planner", "' + "[" * 200 + '\\"' + "]" * 10 + '"]',
    '["planner", 1e200000]',
    '["planner", 1e-2000]',
    '["planner", ' + "9" * 999 + "]",
    '["planner", ' + "9" * 1000 + "]",
    '["planner", ' + "9" * 5000 + "]",
    '["planner", "' + "9" * 5000 + '"]',
]
ODD_ERROR_OBJECTS = [
    None,
    "",
    "null",
    "{}",
    "[]",
    '["NameError"]',
    '"NameError"',
    "NameError: name 'x' is not defined",
    "{'planner': 'NameError'}",
    '{"planner": "NameError"',
    '{"planner": NaN}',
    '{"planner": "\\u0000 NameError"}',
    '{"planner": "\\udc00"}',
    '{"planner": "TypeError", "planner": "KeyError"}',
    '{"planner": null, "viz_agent": 5, "é": true, "": []}',
    '{"planner": {"type": "IndexError", "line": 3}}',
    '{"planner": {"timeout": 1.50}}',
    '{"planner": ["a", "Permission denied"]}',
    '{"planner": "name\\u0020\'x\' is not defined"}',
    '{"planner": "name\\n\'x\'"}',
    ' {"planner": ""} ',
    '{"planner": ' * 100 + '"KeyError"' + "}" * 100,
    '{"planner": ' * 101 + '"KeyError"' + "}" * 101,
    '{"planner": ' * 50_000,
    '{"planner": "KeyError", "viz_agent": 1e5000}',
    '{"planner": "KeyError", "viz_agent": ' + "9" * 5000 + "}",
]
ODD_ERRORS = [
    "ImportError: cannot import name 'x' from 'y'",
    "cannot import name x",
    "NAME 'X'",
    "TypeError: unsupported operand type(s) for +",
    "unsupported operand",
    "unexpected indent",
    "SyntaxError: expected an indented block",
    "IndentationError",
    "Out of memory",
    "PermissionError: memory",
    "the call timed out",
    "timed  out",
    "TimeoutError in FileNotFoundError",
    "[Errno 2] No such file or directory",
    "filename 'x'",
    "keyerror: 'x'",
    "ModuleNotFoundError: No module named 'x'",
    "name’x’",  # noqa: RUF001
    "",
]
_SHORT_TEXT = "x = 1\n"


def generate(
    seed: int, *, as_of: datetime = AS_OF, usage: int = 800, executions: int = 350
) -> RawAutoAnalyst:
    """Rows most of which lie near the edges of the windows that end at `as_of`."""
    draw = _Generator(Random(f"auto_analyst/{seed}"), as_of)
    return RawAutoAnalyst(
        users=[User(user_id=n, username=f"user{n // 2}", created_at=draw.moment()) for n in USERS],
        chats=[Chat(chat_id=n, user_id=draw.maybe(draw.pick(USERS))) for n in CHATS],
        messages=[draw.message(number) for number in MESSAGES],
        model_usage=[draw.usage(number) for number in range(1, usage + 1)],
        code_executions=[draw.execution(number) for number in range(1, executions + 1)],
        message_feedback=[draw.feedback(number) for number in range(1, executions + 1)],
    )


class _Generator(Dice):
    def __init__(self, rng: Random, as_of: datetime):
        super().__init__(rng)
        self.now = instant(as_of)
        starts = [self.now - timedelta(days=days) for days in DAYS_OF_PERIOD.values()]
        midnights = [midnight(as_of) - timedelta(days=days) for days in (0, 1, 6, 7, 30, 90)]
        self.edges = [self.now, *starts, *starts, *midnights]
        # A few models at a time, so that some tiers stay without usage.
        self.models: Sequence[str] = self.rng.sample(_MODELS, self.pick([2, 8, len(_MODELS)]))
        # A seed's own counts: small ones make sums that tie; silent models have no sums at all.
        self.tokens: Sequence[int] = self.pick([[0], [0, 1], _TOKENS])
        self.silent_models = self.rng.sample(_MODELS, 6)
        # Some users come lately, the first time just inside or just outside a window.
        self.first_uses = {user: self.first_use() for user in USERS}
        # Rows of a kind that share a moment are ordered by their ids.
        self.shared_moments = [self.now - timedelta(days=n, hours=3) for n in (0, 2, 20, 80)]

    def moment(self) -> datetime | None:
        if self.chance(0.02):
            return None
        if self.chance(0.3):
            return self.near(self.edges, MICROSECOND)
        if self.chance(0.1):
            return self.pick(self.shared_moments)
        reach = timedelta(days=self.pick([1, 7, 30, 90, 400]))
        return self.within(self.now - reach, self.now + reach / 50, MICROSECOND)

    def text(self, length: int) -> str | None:
        """Text around the length at which a preview is cut."""
        size = self.pick([0, 1, length - 1, length, length + 1, 2 * length])
        letter = self.pick(["a", "é", "🙂", "\n", "%"])
        return self.maybe((letter + _SHORT_TEXT * length)[:size])

    def first_use(self) -> datetime:
        if self.chance(0.4):
            return self.now - timedelta(days=5000)
        if self.chance(0.5):
            return self.near(self.edges[1:], MICROSECOND)
        return self.within(self.now - timedelta(days=95), self.now, MICROSECOND)

    def usage(self, number: int) -> ModelUsage:
        user = self.maybe(self.pick(USERS), 0.92)
        model = self.pick(self.models)
        told = 0.0 if model in self.silent_models else 0.9
        moment = self.moment()
        if user is not None and moment is not None:
            moment = max(moment, self.first_uses[user])
        return ModelUsage(
            usage_id=number,
            user_id=user,
            # A chat of one row takes no time.
            chat_id=self.maybe(self.mostly(CHATS, [1000 + number], 0.9)),
            model_name=model,
            provider="openai",
            prompt_tokens=self.maybe(3),
            completion_tokens=self.pick(_COMPLETIONS),
            total_tokens=self.maybe(self.pick(self.tokens), told),
            query_size=9,
            response_size=9,
            is_streaming=self.chance(0.5),
            cost=self.amount() if told else None,
            timestamp=moment,
            request_time_ms=self.maybe(self.pick(_TIMES)),
        )

    def message(self, number: int) -> Message:
        return Message(
            message_id=number,
            chat_id=self.maybe(self.pick(CHATS), 0.95),
            sender=self.pick(["user", "ai"]),
            content=self.text(200),
            timestamp=self.moment(),
        )

    def execution(self, number: int) -> CodeExecution:
        return CodeExecution(
            execution_id=number,
            message_id=self.maybe(self.pick(MESSAGES)),
            chat_id=self.maybe(self.pick(CHATS)),
            user_id=self.maybe(self.pick(USERS)),
            initial_code=self.text(500),
            latest_code=self.text(500),
            is_successful=self.pick([True, False, False, None]),
            model_provider=self.maybe("openai"),
            model_name=self.maybe(self.pick(self.models)),
            model_temperature=self.pick(_TEMPERATURES),
            model_max_tokens=self.maybe(4000),
            failed_agents=self.agent_list(),
            error_messages=self.error_object(),
            created_at=self.moment(),
            updated_at=self.moment(),
        )

    def agent_list(self) -> str | None:
        if self.chance(0.4):
            return self.pick(ODD_AGENT_LISTS)
        return json.dumps([self.pick(_AGENTS) for _ in range(self.rng.randrange(4))])

    def error_object(self) -> str | None:
        if self.chance(0.35):
            return self.pick(ODD_ERROR_OBJECTS)
        agents = self.rng.sample(_AGENTS, self.rng.randrange(1, 4))
        spelt = {agent: self.error() for agent in agents}
        return json.dumps(spelt, ensure_ascii=self.chance(0.5))

    def error(self) -> str:
        if self.chance(0.4):
            return self.pick(ODD_ERRORS)
        words = [word for _, some in ERROR_CATEGORIES for word in some]
        shout = self.pick([str.title, str.upper, str.lower])
        return " ... ".join(shout(self.pick(words)) for _ in range(self.rng.randrange(1, 3)))

    def feedback(self, number: int) -> MessageFeedback:
        return MessageFeedback(
            feedback_id=number,
            # Some rate a message that is gone.
            message_id=self.rng.randrange(1, len(MESSAGES) + 20),
            rating=self.maybe(self.rng.randrange(1, 6)),
            model_name=self.maybe(self.pick(self.models)),
            model_provider=self.maybe("openai"),
            temperature=self.pick(_TEMPERATURES),
            max_tokens=self.maybe(4000),
            created_at=self.moment(),
            updated_at=self.moment(),
        )
