"""A figure's parameters as variables of its cookbook document."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from graphql_api.catalogue.model import camel_case

# Who is asked about comes from the caller's key, never from a variable (definitions, section 7).
IDENTITY = "organization"

# Closed sets are enums in the API; a name that is none of theirs is sent as it is, and refused.
_ENUMS = {
    "modality": {"T-FS-T": "T_FS_T", "S-FS-S": "S_FS_S"},
    "metric": {
        "requests": "REQUESTS",
        "cost": "COST_USD",
        "eval_runs": "EVAL_RUNS",
        "eval_cost": "EVAL_COST_USD",
    },
}


def variables(parameters: Mapping[str, Any], as_of: datetime) -> dict[str, Any]:
    given = {camel_case(k): _plain(k, v) for k, v in parameters.items() if k != IDENTITY}
    return {**given, "asOf": as_of.isoformat()}


def _plain(name: str, value: Any) -> Any:
    if name in _ENUMS:
        return _ENUMS[name].get(value, value)
    return value.isoformat() if isinstance(value, date) else value
