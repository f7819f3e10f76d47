"""Dimensions that every time dimension has without a column of their own: its hour, its weekday."""

from graphql_api.catalogue.model import Dimension, Grain, TimePart, ValueType

# Those that callers are offered.
_DESCRIPTIONS = {
    TimePart.HOUR_OF_DAY: "Hour of the day, 0 to 23, of `{time}` in `timezone`.",
    TimePart.DAY_OF_WEEK: "Day of the week, 1 (Monday) to 7 (Sunday), of `{time}`{zone}.",
}


def time_parts(time: Dimension) -> list[Dimension]:
    """The parts that a row's time tells: rows of whole days have no hour, of months no weekday."""
    is_instant = time.type is ValueType.TIMESTAMP
    found = []
    for part, description in _DESCRIPTIONS.items():
        grain = time.grain or (Grain.HOUR if is_instant else Grain.DAY)
        if part.is_fixed_in(grain):
            text = description.format(time=time.name, zone=" in `timezone`" if is_instant else "")
            found.append(
                Dimension(
                    name=part.value,
                    type=ValueType.BIGINT,
                    description=text,
                    is_nullable=time.is_nullable,
                    part=part,
                )
            )
    return found
