"""`usage-warehouse status`: what runs and what is built, one line each; changes nothing."""

import socket

import click

from graphql_api.settings import DatabaseSettings, Settings
from warehouse.build_record import MANIFESTS, inputs, is_current, published_build
from warehouse.commands import steps
from warehouse.commands.steps import server_url
from warehouse.database import connect, database_settings, describe
from warehouse.embedded.checkout import checkout_cluster
from warehouse.errors import WarehouseError
from warehouse.project import project_names


@click.command()
def status() -> None:
    """Say what runs and what is built. Exit status 1 unless a build can be served."""
    settings, database = steps.server_settings(), database_settings()
    _line("postgres", _server(database))
    built, is_servable = _build(database, settings)
    _line("build", built)
    _line("api", _api(settings))
    if not is_servable:
        raise click.exceptions.Exit(1)


def _line(what: str, words: str) -> None:
    click.echo(f"{what:<10}{words}")


def _server(database: DatabaseSettings) -> str:
    if not database.is_embedded:
        return f"yours ({describe(database)})"
    cluster = checkout_cluster(database)
    try:
        running = cluster.postmaster()
    except WarehouseError as fault:
        return fault.message
    if running is not None:
        return f"embedded, runs on port {running.port} (process {running.pid}, {cluster.data_dir})"
    if cluster.data_dir.exists():
        return f"embedded, stopped ({cluster.data_dir})"
    return "embedded, not made yet: `make up` makes it"


def _build(database: DatabaseSettings, settings: Settings) -> tuple[str, bool]:
    missing = [name for name in MANIFESTS if not (settings.target_path / name).exists()]
    if missing:
        return f"{' and '.join(missing)} missing in {settings.target_path}: `make build`", False
    names = project_names()
    try:
        with connect(database) as connection:
            published = published_build(connection, names)
            current = is_current(published, inputs(connection, names))
    except WarehouseError as fault:
        return fault.message, False
    if published is None:
        return "nothing is published: `make build`", False
    age = "made from what lies here now" if current else "older than the files or raw rows here"
    return f"{published.build_id} is published, {age}", True


def _api(settings: Settings) -> str:
    with socket.socket() as probe:
        probe.settimeout(1)
        answers = probe.connect_ex((settings.host, settings.port)) == 0
    return f"{server_url(settings)} {'answers' if answers else 'does not answer'}"
