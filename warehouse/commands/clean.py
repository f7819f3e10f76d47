"""`usage-warehouse clean`: remove what this checkout made beside the sources."""

import shutil

import click

from graphql_api.settings import PROJECT_ROOT
from warehouse.database import database_settings
from warehouse.embedded.checkout import LOCAL_DIR, checkout_cluster
from warehouse.errors import WarehouseError

MADE_HERE = (LOCAL_DIR, PROJECT_ROOT / "target", PROJECT_ROOT / "logs")


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def clean(yes: bool) -> None:
    """Remove .local (the embedded database and its key), target and logs of this checkout."""
    folders = [folder for folder in MADE_HERE if folder.exists()]
    if not folders:
        click.echo("nothing to remove")
        return
    listed = ", ".join(str(folder.relative_to(PROJECT_ROOT)) for folder in folders)
    if not yes:
        click.confirm(f"Remove {listed} with all data in the embedded Postgres?", abort=True)
    checkout_cluster(database_settings()).stop(mode="fast")
    for folder in folders:
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise WarehouseError(
                "CANNOT_REMOVE",
                f"{error.filename or folder} cannot be removed ({error.strerror}): remove it as "
                "its owner or as root",
            ) from None
    click.echo(f"removed {listed}")
