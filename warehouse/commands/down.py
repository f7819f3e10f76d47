"""`usage-warehouse down`: stop the embedded Postgres of this checkout, and no other server."""

import click

from warehouse.database import database_settings
from warehouse.embedded.checkout import checkout_cluster


@click.command()
def down() -> None:
    """Stop the embedded Postgres. Its data stays."""
    database = database_settings()
    if not database.is_embedded:
        click.echo("PGHOST is set: that server is yours, and nothing was stopped")
    elif checkout_cluster(database).stop():
        click.echo("embedded Postgres stopped")
    else:
        click.echo("the embedded Postgres was not running")
