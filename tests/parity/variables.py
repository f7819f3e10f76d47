"""A figure's parameters as variables of its cookbook document."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from graphql_api.catalogue.model import camel_case

# Who is asked about comes from the caller's key, never from a variable (definitions, section 7).
IDENTITY = "organization"


def variables(parameters: Mapping[str, Any], as_of: datetime) -> dict[str, Any]:
    given = {camel_case(k): _plain(v) for k, v in parameters.items() if k != IDENTITY}
    return {**given, "asOf": as_of.isoformat()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
