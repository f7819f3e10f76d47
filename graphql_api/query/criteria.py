"""What questions may go by that callers are not offered: that by which prices differ.

A price may hold for prompts of some size, or for a part of the day, and a model may have none for
output. Tokens are measures, which are added up and cannot be dimensions as well; the second of the
day has too many values to group by. They are read from the rows of the asked mart: no roll-up
tells them.
"""

from dataclasses import replace

from graphql_api.catalogue.model import Dimension, Mart, TimePart, ValueType

PROMPT = "input_tokens"
ANSWER = "output_tokens"
SECOND_OF_DAY = TimePart.UTC_SECOND_OF_DAY.value


def with_price_criteria(mart: Mart) -> Mart:
    """The mart of requests, with tokens and ``SECOND_OF_DAY`` to set conditions on."""
    criteria = (
        Dimension(PROMPT, ValueType.BIGINT, "Tokens sent to the model."),
        Dimension(ANSWER, ValueType.BIGINT, "Tokens the model produced."),
        Dimension(
            SECOND_OF_DAY,
            ValueType.BIGINT,
            "Second of the day in UTC.",
            part=TimePart.UTC_SECOND_OF_DAY,
        ),
    )
    return replace(mart, dimensions={**mart.dimensions, **{each.name: each for each in criteria}})


def to_the_microsecond(mart: Mart) -> Mart:
    """The mart with its instants as Postgres writes them into JSON: answers show milliseconds."""
    as_written = {
        name: replace(each, type=ValueType.STRING) if each.type is ValueType.TIMESTAMP else each
        for name, each in mart.dimensions.items()
    }
    return replace(mart, dimensions=as_written)
