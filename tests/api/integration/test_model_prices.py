"""One row tells what a model cost, when, for what prompts, and which list says so."""

from decimal import Decimal

import pytest

from tests.support.sample_warehouse import SampleWarehouse

pytestmark = pytest.mark.database

PRICES = """
query ($provider: String!, $model: String!, $priceList: PriceList!) {
  modelPrices(
    filter: {
      provider: { eq: $provider }
      model: { eq: $model }
      processing: { eq: "standard" }
      priceList: { eq: $priceList }
    }
    orderBy: [{ field: VALID_FROM_AT }, { field: FROM_INPUT_TOKENS }]
  ) {
    nodes {
      sourceSystem
      priceSource
      priceListVersion
      validFromAt
      validToAt
      isCurrent
      fromInputTokens
      toInputTokens
      inputPriceUsdPerToken
      cachedInputPriceUsdPerToken
      outputPriceUsdPerToken
    }
  }
}
"""

CHANGE = "2026-08-21T00:00:00.000Z"
ALWAYS = "0001-01-01T00:00:00.000Z"
LONG = 272_001


def prices(sample: SampleWarehouse, price_list: str, model: str) -> list[dict]:
    variables = {"provider": "openai", "model": model, "priceList": price_list}
    answer = sample.ask(PRICES, variables)
    assert "errors" not in answer, answer
    return answer["data"]["modelPrices"]["nodes"]


def test_a_price_that_changed_has_its_old_and_its_new_rows(sample: SampleWarehouse):
    """Long prompts cost more as a whole: a row for each size of prompt, before and after."""
    found = [
        (
            *(row["validFromAt"], row["validToAt"], row["isCurrent"]),
            *(row["fromInputTokens"], row["toInputTokens"]),
            *(
                Decimal(row[f"{part}PriceUsdPerToken"]) * 1_000_000
                for part in ("input", "cachedInput", "output")
            ),
        )
        for row in prices(sample, "PRICE_BOOK", "gpt-5.6-sol")
    ]
    assert found == [
        (ALWAYS, CHANGE, False, 0, LONG, 5, Decimal("0.5"), 30),
        (ALWAYS, CHANGE, False, LONG, None, 10, 1, 45),
        (CHANGE, None, True, 0, LONG, 4, Decimal("0.4"), 20),
        (CHANGE, None, True, LONG, None, 8, Decimal("0.8"), 30),
    ]


def test_the_source_systems_own_price_stands_beside_the_books(sample: SampleWarehouse):
    (own,) = prices(sample, "MODEL_CONFIG", "gpt-4o")
    assert (own["sourceSystem"], own["priceSource"]) == ("KAAPI", "MODEL_CONFIG")
    assert own["priceListVersion"] is None
    assert own["cachedInputPriceUsdPerToken"] is None
    assert (own["fromInputTokens"], own["toInputTokens"]) == (0, None)
    (listed,) = prices(sample, "PRICE_BOOK", "gpt-4o")
    assert (listed["sourceSystem"], listed["priceSource"]) == (None, "PRICE_BOOK")
    assert listed["priceListVersion"]
    assert listed["cachedInputPriceUsdPerToken"] is not None
