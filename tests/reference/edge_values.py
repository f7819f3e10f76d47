"""The awkward values random raw rows are made of: JSON as written, texts, moments.

Values that are JSON are JSON text, because how a number is written is part of the edge. Look-alike
letters and digits of other scripts are there on purpose.
"""

from datetime import datetime
from uuid import UUID

AROUND = datetime(2026, 3, 15)  # noqa: DTZ001 - raw timestamps are UTC without zone


def first_of_month(day: datetime, offset: int) -> datetime:
    """Midnight on the first of the month so many months after the day's month."""
    number = day.year * 12 + day.month - 1 + offset
    return datetime(number // 12, number % 12 + 1, 1)  # noqa: DTZ001


def object_text(members: dict[str, str]) -> str:
    """A JSON object of members whose values are JSON text already."""
    return "{" + ", ".join(f'"{key}": {value}' for key, value in members.items()) + "}"


FAR_MOMENTS = [
    datetime.fromisoformat(text)
    for text in (
        "2000-01-01T00:00:00",
        "2016-02-29T23:59:59.999999",
        "2024-02-29T00:00:00",
        "2024-02-29T23:59:59.999999",
        "2025-12-31T23:59:59.999999",
        "2027-01-01T00:00:00",
        "2038-01-19T03:14:08",
    )
]

NAMES = [
    "Seva",
    "",
    'O\'Brien "the" org',
    "back\\slash %_ like",
    "संस्था · एक",
    "tab\there; drop table",
    "🙂 party",
    "null",
    "x" * 200,
]

USUAL_PROVIDERS = [
    "openai",
    "openai",
    "openai-native",
    "openai-native",
    "google",
    "google-native",
    "sarvamai",
    "sarvamai-native",
    "elevenlabs",
    "elevenlabs-native",
]
ODD_PROVIDERS = [
    None,
    "",
    "-native",
    "-native-native",
    "openai-native-native",
    "x-native-y",
    "google-native-x",
    "-native-openai",
    "OpenAI",
    "openai-Native",
    "openai ",
    " openai",
    "openai\n",
    "openai-native ",
    "native",
    "unknown",
    "unknown-native",
    "anthropic",
    "anthropic-native",
    "a · b",
    "o'ai\\%_\"",
    "प्रदाता",
    "ｏpenai",  # noqa: RUF001
]

LAVISH_MODEL = "lavish"
USUAL_MODELS = ["gpt-4o", "gpt-4o-mini", "gemini-2.5", "shared"]
MODELS = [
    *USUAL_MODELS,
    LAVISH_MODEL,
    None,
    "",
    "unknown",
    "GPT-4O",
    "gpt-4o ",
    "saaras:v3",
    "eleven_v3",
    "mod·èle π",
    "a\"b\\c%_'",
    "nobody-has-this-one",
]

USUAL_CONFIG_PROVIDERS = ["openai", "openai-native", "google", "sarvamai", "elevenlabs-native"]
CONFIG_PROVIDERS = [
    *USUAL_CONFIG_PROVIDERS,
    "elevenlabs",
    "anthropic",
    "OpenAI",
    "unknown",
    "",
    "-native",
    "x-native-y",
    "openai-native-native",
]
PRICES = [
    "0",
    "0.0",
    "0.15",
    "2.5",
    "2.50",
    "10",
    "1E2",
    "1e-16",
    "0.0000000000000001",
    "12.3456789012345678",
    "0.075",
    "30.1",
    "2.500000000000000000000",
    "0.12345678901234567890123",
    "1e-17",
]
LAVISH_PRICES = ["999999", "999999.9999999999999999", "12345.6789012345678901"]
ODD_PRICES = [
    '"2.5"',
    '""',
    "null",
    "true",
    "{}",
    "[2.5]",
    "1000000",
    "1e6",
    "1e400",
    "1e-17",
    "0.12345678901234567",
    "-0.5",
]
ODD_PRICINGS = [
    None,
    "null",
    "[]",
    '"free"',
    "7",
    "{}",
    '{"response": null}',
    '{"response": 5}',
    '{"response": "2.5"}',
    '{"response": []}',
    '{"response": [{"input_token_cost": 1, "output_token_cost": 1}]}',
    '{"batch": {"input_token_cost": 1, "output_token_cost": 1}}',
    '{"input_token_cost": 1, "output_token_cost": 1}',
    '{"response": {"Input_token_cost": 1, "output_token_cost": 1}}',
]

ODD_CALL_TYPES = [None, "", "Text", "AUDIO", "text ", "image", "pdf", "multimodal", "video"]
EVALUATION_TYPES = [
    "text",
    "stt",
    "tts",
    "TEXT",
    "Text",
    "sTt",
    "TTS",
    "assessment",
    "Assessment",
    "",
    None,
    " text",
    "stt ",
    "tts\n",
    "texts",
    "texttexttexttexttext",
    "ＴＥＸＴ",  # noqa: RUF001
    "OTHER",
]

USUAL_TOKENS = ["0", "1", "7", "350", "1200", "98765", '"350"', '"1200"']
SMALL_TOKENS = [*USUAL_TOKENS, '"007"', "-3", "12.5", "null", "1e3"]
ODD_TOKENS = [
    '"007"',
    '"0"',
    '""',
    "-3",
    "-0",
    '"-3"',
    '"+3"',
    "1e3",
    "1.5e1",
    "1E5",
    "1e-1",
    "10e-1",
    "12.0",
    "12.5",
    "1.20e1",
    '"12 "',
    '" 12"',
    '"12\\n"',
    '"1e3"',
    '"12.0"',
    '"12.5"',
    '"1,200"',
    '"1_200"',
    '"0x1F"',
    '"٣٤"',
    '"１２"',  # noqa: RUF001
    '"1²"',
    "true",
    "false",
    "null",
    "{}",
    '{"value": 5}',
    "[]",
    "[5]",
    '"many"',
    "999999999999999",
    '"999999999999999"',
    '"0000000000000999999999999999"',
    "-999999999999999",
    "1000000000000000",
    "-1000000000000000",
    '"1000000000000000"',
    "99999999999999999999999",
    '"99999999999999999999999"',
    "1e14",
    "1e15",
    "1e400",
    '"' + "9" * 5000 + '"',
    '"' + "0" * 5000 + '7"',
]
ODD_USAGES = [
    None,
    "null",
    "[]",
    "{}",
    "5",
    "true",
    '"text"',
    '"{\\"input_tokens\\": 5}"',
    '[{"input_tokens": 5, "output_tokens": 5}]',
    '{"usage": {"input_tokens": 5}}',
    '{"Input_tokens": 5, "output_tokens ": 5}',
]

ODD_BLOCK_SEQUENCES = [
    None,
    "null",
    "[]",
    "{}",
    '""',
    '"@ID"',
    "17",
    "true",
    '{"0": "@ID"}',
    '[{"id": "@ID"}]',
    '[["@ID"]]',
    "[null]",
    '[null, "@ID"]',
    '["", "@ID"]',
    "[5]",
    '[5, "@ID"]',
    '["not a uuid", "@ID"]',
    '["@HEX"]',
    '["{@ID}"]',
    '["{@HEX}"]',
    '["{@ID"]',
    '["@ID}"]',
    '["@FOURS"]',
    '["(@ID)"]',
    '["urn:uuid:@ID"]',
    '[" @ID"]',
    '["@ID "]',
    '["@ID\\n"]',
    '["@ID0"]',
    '["00000000-0000-0000-0000-00000000000g"]',
    '["00000000-0000-4000-8000-000000000000"]',
]

ODD_EVALUATED_MODELS = [
    None,
    "null",
    "[]",
    "{}",
    '"gpt-4o"',
    '{"0": "gpt-4o"}',
    "[1]",
    "[null]",
    '[null, "gpt-4o"]',
    '[["gpt-4o"]]',
    '[{"model": "gpt-4o"}]',
    "[true]",
    '[" gpt-4o"]',
    "5",
    "true",
]
CONFIG_IDS = [UUID(int=(0xC0F1 << 112) + n) for n in range(1, 9)]
ODD_BLOBS = [
    None,
    "null",
    "[]",
    "5",
    '"openai"',
    "{}",
    '{"completion": null}',
    '{"completion": "openai"}',
    '{"completion": []}',
    '{"completion": [{"provider": "openai"}]}',
    '{"completion": {}}',
    '{"provider": "openai"}',
]
ODD_BLOB_PROVIDERS = ['""', '"-native"', '"unknown"', '"unknown-native"', "5", "null", "true", "{}"]

ODD_EVALUATION_COSTS = [
    None,
    "null",
    "[]",
    "{}",
    "1.5",
    '"1.5"',
    "true",
    '[{"total_cost_usd": 1}]',
    '{"Total_cost_usd": 1}',
    '{"total": {"total_cost_usd": 1}}',
]
COST_VALUES = [
    "0",
    "0.1",
    "0.2",
    "1.5",
    "0.30",
    "-0.3",
    "12",
    "1e-5",
    "1.25E2",
    "1.23456789012345678901234567",
    "0.00000000000000000000005",
    "-0.00000000000000000000005",
    "0.000000000000000000000049",
    "1e-22",
    "1e-23",
    "1e-300",
    "1e16",
    "1e12",
    "-1e12",
    "999999999999.99",
    "1e400",
    "99999999.99",
    '"0.5"',
    '"1e5"',
    '"+1.5"',
    '"-0.25"',
    '"1E-2"',
    '"1e+2"',
    '"0001.5"',
    '"0e99999999999999999999"',
    '"1e99999999999999999999"',
    '"1e-99999999999999999999"',
    '"1e131073"',
    '"15e-1000000"',
    '"0.' + "0" * 400 + '15e400"',
    '"15' + "0" * 400 + 'e-400"',
    '"9999999999999999.99999999999999999999999"',
    '"10000000000000000"',
    '"0.00000000000000000000005"',
    '" 1"',
    '"1 "',
    '"1.5\\n"',
    '".5"',
    '"5."',
    '"."',
    '"1e"',
    '"e5"',
    '"1e5.5"',
    '"--1"',
    '"+-1"',
    '"+"',
    '""',
    '"1,5"',
    '"1_000"',
    '"0x10"',
    '"$1"',
    '"١.٥"',  # noqa: RUF001
    '"NaN"',
    '"nan"',
    '"Infinity"',
    '"-inf"',
    "true",
    "false",
    "null",
    "{}",
    "[1]",
    '{"value": 1}',
]
