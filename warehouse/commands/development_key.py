"""The ready-to-use key that `up` prints: an admin key for this machine, kept in a private file.

The database knows only its digest, so the file is the one place where the key can be read again;
it is made anew when the file is gone or the key is no longer active in this database.
"""

import hashlib
import os
from pathlib import Path

from psycopg import sql

from graphql_api.settings import DatabaseSettings
from warehouse.api_keys import create_key, digest
from warehouse.database import connect, describe
from warehouse.embedded.checkout import LOCAL_DIR
from warehouse.errors import WarehouseError
from warehouse.project import ProjectNames
from warehouse.tenants import Connection

KEY_FILE = LOCAL_DIR / "api-key"
LABEL = "made by `usage-warehouse up`"


def development_key(database: DatabaseSettings, names: ProjectNames) -> str:
    """The key of the file if it is active in this database, else a new one."""
    file = key_file(database)
    with connect(database) as connection:
        key = _read(file)
        if key and _is_active(connection, key, names):
            return key
        created = create_key(connection, names, role="admin", label=LABEL)
        # Within the transaction: a key that could not be kept must not exist.
        _write_private(file, created.key)
        return created.key


def key_file(database: DatabaseSettings) -> Path:
    """Where the key lies; a server of yours gets a file of its own."""
    if database.is_embedded:
        return KEY_FILE
    place = hashlib.sha256(describe(database).encode()).hexdigest()[:12]
    return KEY_FILE.with_name(f"{KEY_FILE.name}-{place}")


def _read(file: Path) -> str:
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise _unusable(file, error) from None


def _is_active(connection: Connection, key: str, names: ProjectNames) -> bool:
    look_up = sql.SQL("select role, status from {}(%s)").format(
        sql.Identifier(names.access_schema, "authenticate_api_key")
    )
    row = connection.execute(look_up, [digest(key)]).fetchone()
    return row == ("admin", "active")


def _write_private(file: Path, key: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(f"{key}\n")
    except OSError as error:
        raise _unusable(file, error) from None


def _unusable(file: Path, error: OSError) -> WarehouseError:
    return WarehouseError(
        "KEY_FILE",
        f"{file}, which keeps the key that `up` prints, cannot be used ({error.strerror}): remove "
        "it, or give yourself the right to read and write it",
    )
