"""How the list finds a provider and a model by the names that requests carry, as rows.

The list's rules are nested; a row is one alternative of one rule, so that any row that fits is
enough. A rule in which several things must hold at once becomes one regular expression.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from genai_prices.types import (
    ClauseAnd,
    ClauseContains,
    ClauseEndsWith,
    ClauseEquals,
    ClauseOr,
    ClauseRegex,
    ClauseStartsWith,
    MatchLogic,
    ModelInfo,
    Provider,
)

Listed = TypeVar("Listed", Provider, ModelInfo)

# What a regular expression of Postgres and of Spark reads as something else than itself.
SPECIAL = re.compile(r"([\\.^$*+?()\[\]{}|])")


@dataclass(frozen=True, slots=True)
class NameRow:
    """A text that names a model of a provider.

    Of several models that fit a name the one with the lowest position is meant, then the one whose
    id comes first.
    """

    provider: str
    position: int
    model: str
    match_kind: str
    match_text: str


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A text that names a provider, or (``model``) models that are taken for this provider's.

    Of several providers that fit the one with the lowest position is meant, then the one whose id
    comes first.
    """

    matched_name: str
    position: int
    provider: str
    match_kind: str
    match_text: str


@dataclass(frozen=True, slots=True)
class FallbackRow:
    """A provider among whose models those of another are looked for that has none of that name."""

    provider: str
    position: int
    fallback_provider: str


def name_rows(provider: Provider) -> Iterator[NameRow]:
    """Texts that name a provider's models."""
    for position, model in _in_turns(provider.models):
        for kind, text in sorted(set(_alternatives(model.match))):
            yield NameRow(provider.id, position, model.id, kind, text)


def provider_rows(providers: Sequence[Provider]) -> Iterator[ProviderRow]:
    """Texts that name providers; the id of one goes before all others."""
    for position, provider in _in_turns(providers):
        yield ProviderRow("provider", 0, provider.id, "equals", provider.id)
        rules = {"provider": provider.provider_match, "model": provider.model_match}
        for matched_name, rule in rules.items():
            for kind, text in sorted(set(_alternatives(rule))) if rule else ():
                yield ProviderRow(matched_name, position, provider.id, kind, text)


def fallback_rows(provider: Provider) -> Iterator[FallbackRow]:
    """Providers to look at for models that this one does not list itself, in order."""
    for position, fallback in enumerate(provider.fallback_model_providers or [], 1):
        yield FallbackRow(provider.id, position, fallback)


def _in_turns(listed: Sequence[Listed]) -> Iterator[tuple[int, Listed]]:
    """What is listed, with the turn in which it is tried; in one turn ids are tried in their order.

    As long as the list is in the order of its ids there is one turn, so that an entry more or less
    changes no row of another.
    """
    turn = 1
    before = ""
    for each in listed:
        turn += each.id < before
        before = each.id
        yield turn, each


def _alternatives(rule: MatchLogic) -> Iterator[tuple[str, str]]:
    """Kind and text of each alternative. Names are compared in small letters."""
    match rule:
        case ClauseOr():
            for alternative in rule.or_:
                yield from _alternatives(alternative)
        case ClauseAnd():
            yield "regex", _pattern(rule)
        case ClauseEquals():
            yield "equals", rule.equals.lower()
        case ClauseStartsWith():
            yield "starts_with", rule.starts_with.lower()
        case ClauseEndsWith():
            yield "ends_with", rule.ends_with.lower()
        case ClauseContains():
            yield "contains", rule.contains.lower()
        case ClauseRegex():
            yield "regex", rule.regex


def _pattern(rule: MatchLogic) -> str:
    """A regular expression that fits the same names as the rule."""
    match rule:
        case ClauseOr():
            return "|".join(f"(?:{_pattern(each)})" for each in rule.or_)
        case ClauseAnd():
            return "^" + "".join(f"(?=.*(?:{_pattern(each)}))" for each in rule.and_)
        case ClauseEquals():
            return f"^{_quoted(rule.equals)}$"
        case ClauseStartsWith():
            return f"^{_quoted(rule.starts_with)}"
        case ClauseEndsWith():
            return f"{_quoted(rule.ends_with)}$"
        case ClauseContains():
            return _quoted(rule.contains)
        case ClauseRegex():
            return rule.regex


def _quoted(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text.lower())
