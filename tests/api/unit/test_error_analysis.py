"""What the report of errors refuses; its numbers are held against the definitions in parity."""

import pytest

from tests.api.unit.asking import Api


@pytest.mark.parametrize("period", ["", "30D", "365d", "4w", "30"])
def test_an_unknown_period_is_refused(api: Api, period: str):
    message, extensions = api.refusal(f'{{ errorAnalysis(period: "{period}") {{ endDate }} }}')
    assert message == f"period: {period!r} is none of 7d, 30d, 90d"
    assert extensions["code"] == "INVALID_ARGUMENT"
    assert extensions["argument"] == "period"


@pytest.mark.parametrize(
    "condition",
    [
        "hasErrorMessages: { eq: true }",
        "or: [{ not: { hasErrorMessages: { eq: true } } }]",
    ],
)
def test_errors_are_narrowed_only_by_what_is_known_of_them(api: Api, condition: str):
    message, extensions = api.refusal(
        f"{{ errorAnalysis(filter: {{ {condition} }}) {{ endDate }} }}"
    )
    assert message == "filter.hasErrorMessages: errors are not told apart by it"
    assert extensions["argument"] == "filter.hasErrorMessages"
