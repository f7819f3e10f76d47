"""`usage-warehouse up`: from whatever state the checkout is in to a server that answers."""

import click

from graphql_api.settings import Settings
from warehouse.commands import steps
from warehouse.commands.development_key import development_key
from warehouse.commands.serve import listening_socket, serve_on
from warehouse.project import project_names

EXAMPLE = (
    '{"query": "{ monthlyUsage(groupBy: [PROVIDER]) { nodes { provider requests costUsd } } }"}'
)


@click.command()
@click.option(
    "--rows",
    type=click.IntRange(min=1),
    default=steps.DEFAULT_SAMPLE_ROWS,
    show_default=True,
    help="Sample calls to load where the raw tables do not exist yet.",
)
@click.option("--sample", is_flag=True, help="Load sample rows even though PGHOST is set.")
def up(rows: int, sample: bool) -> None:
    """Start the embedded Postgres, load sample rows, build what changed, and serve until Ctrl-C.

    Everything that is done already is left alone. With PGHOST set nothing is started, and the raw
    rows are those of your server.
    """
    names, settings = project_names(), steps.server_settings()
    with listening_socket(settings) as listener:
        database = steps.ensure_server()
        if database.is_embedded or sample:
            steps.ensure_sample_rows(database, names, rows)
        steps.ensure_built(database, names, settings.target_path)
        _tell(settings, development_key(database, names))
        serve_on(listener, settings, database)


def _tell(settings: Settings, key: str) -> None:
    url = steps.server_url(settings)
    click.echo(
        f"\nGraphQL   {url}/graphql (in a browser: the GraphiQL page)\n"
        f"API key   {key}\n\n"
        f"curl -s {url}/graphql -H 'Authorization: Bearer {key}' \\\n"
        f"  -H 'Content-Type: application/json' \\\n"
        f"  -d '{EXAMPLE}'\n"
    )
