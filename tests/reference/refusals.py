"""Arguments that no answer exists for (C11), and the checks several figures share."""

from .kaapi import Refused


def require_between(argument: str, value: int, least: int, most: int | None = None) -> None:
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"from {least} to {most}"
        raise Refused(argument, f"{value} is not {bounds}")
