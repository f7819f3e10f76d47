"""The commands ``usage-warehouse keys``: API keys for callers of the GraphQL API."""

import dataclasses
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import click

from warehouse.api_keys import (
    CreatedKey,
    KeyRecord,
    Role,
    create_key,
    list_keys,
    revoke_key,
)
from warehouse.database import connect
from warehouse.errors import WarehouseError
from warehouse.project import project_names
from warehouse.tenants import Tenant, published_tenants

__all__ = ["CreatedKey", "create_key", "keys_group"]

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read_duration(
    context: click.Context, parameter: click.Parameter, text: str | None
) -> timedelta | None:
    """A number and a unit: ``90m``, ``12h``, ``30d``, ``4w``."""
    if text is None:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,8})([mhdw])", text)
    if match is None:
        raise click.BadParameter(f"{text!r} is no duration: write 90m, 12h, 30d or 4w")
    try:
        return timedelta(**{UNITS[match[2]]: int(match[1])})
    except OverflowError:
        raise click.BadParameter(f"{text!r} is too long") from None


def read_instant(
    context: click.Context, parameter: click.Parameter, text: str | None
) -> datetime | None:
    """An ISO 8601 date or time; UTC unless it names an offset."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no ISO 8601 time: write 2027-01-31 or 2027-01-31T12:00:00Z"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


@click.group("keys")
def keys_group() -> None:
    """Create, list and revoke API keys."""


@keys_group.command()
@click.option("--role", type=click.Choice(["admin", "member"]), required=True)
@click.option("--source-system", metavar="SYSTEM", help="Source system of a member's tenant.")
@click.option("--organization", metavar="ID", help="Organization of a member's tenant.")
@click.option("--project", metavar="ID", help="Project a member's answers are narrowed to.")
@click.option("--label", help="What the key is for; shown in lists.")
@click.option("--expires-in", callback=read_duration, metavar="30d", help="90m, 12h, 30d, 4w.")
@click.option("--expires-at", callback=read_instant, metavar="TIME", help="ISO 8601, UTC.")
@click.option("--force", is_flag=True, help="Accept a tenant that is not in the published build.")
def create(
    role: Role,
    source_system: str | None,
    organization: str | None,
    project: str | None,
    label: str | None,
    expires_in: timedelta | None,
    expires_at: datetime | None,
    force: bool,
) -> None:
    """Make a key and print it, once: it is not stored and cannot be shown again."""
    if expires_in and expires_at:
        raise click.UsageError("give --expires-in or --expires-at, not both")
    with connect() as connection:
        created = create_key(
            connection,
            project_names(),
            role=role,
            tenant=_tenant(source_system, organization),
            project_id=project,
            label=label,
            expires=expires_in or expires_at,
            force=force,
        )
    # Only the key goes to standard output, so that a script can take it from there.
    click.echo(created.key)
    click.echo(f"key {created.key_id}: keep it safe, it cannot be shown again", err=True)


@keys_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(as_json: bool) -> None:
    """List all keys and their status; never the keys themselves."""
    with connect() as connection:
        keys = list_keys(connection, project_names())
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(key) for key in keys], default=_json, indent=2))
    else:
        echo_table(
            ["KEY ID", "STATUS", "ROLE", "TENANT", "PROJECT", "CREATED", "EXPIRES", "LABEL"],
            [_row(key) for key in keys],
        )


@keys_group.command()
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """Revoke the key KEY_ID for good."""
    with connect() as connection:
        revoked_now = revoke_key(connection, project_names(), key_id)
    click.echo(f"key {key_id} is revoked" if revoked_now else f"key {key_id} was revoked before")


@keys_group.command()
def tenants() -> None:
    """List the organizations of the published build, for whom keys can be made."""
    with connect() as connection:
        rows = published_tenants(connection, project_names())
    echo_table(
        ["SOURCE SYSTEM", "ORGANIZATION", "NAME", "ACTIVE"],
        [
            [system, key, name or "", "yes" if active else "no"]
            for system, key, name, active in rows
        ],
    )


def echo_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns as wide as their widest value."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in [head, *rows]:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())


def _tenant(source_system: str | None, organization: str | None) -> Tenant | None:
    if not source_system and not organization:
        return None
    if not source_system or not organization:
        raise WarehouseError(
            "KEY_SCOPE", "a tenant is a pair: give both --source-system and --organization"
        )
    return Tenant(source_system, organization)


def _row(key: KeyRecord) -> list[str]:
    tenant = f"{key.source_system}/{key.organization_id}" if key.role == "member" else "all"
    expires = key.expires_at.strftime("%Y-%m-%d %H:%M") if key.expires_at else "never"
    created = key.created_at.strftime("%Y-%m-%d %H:%M")
    project = key.project_id or ""
    return [key.key_id, key.status, key.role, tenant, project, created, expires, key.label or ""]


def _json(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"{value!r} has no JSON form")
