"""Which operating-system user the embedded Postgres runs as, and what that user must reach.

Postgres refuses to run as root. So as root it runs as a system user, the one that the wheel's own
helper uses too, or as whoever already owns the data folder (``sudo make up`` in a user's checkout).
"""

import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from warehouse.errors import WarehouseError

SYSTEM_USER = "pgserver"

# Every server and tool runs with this and nothing else: a caller's PG* variables, locale or time
# zone must not leak into the server, and messages must be English for us to recognise them.
CLEAN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """An operating-system user by name and number."""

    name: str
    uid: int
    gid: int

    def owns(self, path: Path) -> bool:
        """Whether ``path`` (which must exist) belongs to this user."""
        return path.stat().st_uid == self.uid


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended, with what it said on either channel."""

    status: int
    output: str


def current_account() -> Account:
    """Who runs this process."""
    return _by_uid(os.geteuid())


def folder_owner(folder: Path) -> Account | None:
    """Who owns ``folder``; ``None`` if there is no such folder."""
    try:
        return _by_uid(folder.stat().st_uid)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError:
        raise WarehouseError(
            "DATA_FOLDER_OWNER",
            f"{folder} is in a folder that {current_account().name} may not enter: run this as its "
            "owner or as root, or use a checkout of your own",
        ) from None


def server_account(data_dir: Path) -> Account:
    """Who the server of ``data_dir`` runs as; refuses a folder of somebody else."""
    me = current_account()
    owner = folder_owner(data_dir)
    if me.uid != 0:
        if owner is not None and owner.uid != me.uid:
            raise WarehouseError(
                "DATA_FOLDER_OWNER",
                f"{data_dir} belongs to the user {owner.name}, not to {me.name}: run this as "
                f"{owner.name} or as root, or move the folder away",
            )
        return me
    if owner is not None and owner.uid != 0:
        return owner
    return _system_account()


def run_as(account: Account, command: Sequence[str | Path]) -> Finished:
    """Run ``command`` as ``account`` (changing user only when root) and wait for its end.

    Output goes through a file: a server started by ``pg_ctl`` would keep a pipe open for ever.
    """
    switches = account.uid != os.geteuid()
    with tempfile.TemporaryFile() as output:
        ended = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=CLEAN_ENVIRONMENT,
            check=False,
            user=account.uid if switches else None,
            group=account.gid if switches else None,
            extra_groups=[] if switches else None,
        )
        output.seek(0)
        return Finished(ended.returncode, output.read().decode(errors="replace"))


def make_reachable(account: Account, folder: Path) -> None:
    """Let ``account`` pass through every parent of ``folder``; only root ever has to.

    Checkouts under ``/root`` are the usual case: its mode is 0700. Only the permission to pass
    through is added (``o+x``), not the one to list what lies there.
    """
    closed = [path for path in reversed(folder.absolute().parents) if not _may_pass(account, path)]
    for path in closed:
        _allow(account, path, stat.S_IXOTH)
    if closed:
        folders = ", ".join(str(path) for path in closed)
        click.echo(
            f"note: Postgres runs as {account.name}, so every user may now pass through (chmod "
            f"o+x) {folders}",
            err=True,
        )


def make_usable(account: Account, program: Path, trees: Sequence[Path]) -> None:
    """Let ``account`` run ``program``, whose files lie in ``trees``.

    They were installed by root, whose umask may have kept everybody else from reading them.
    """
    if account.uid == os.geteuid() or program.stat().st_mode & stat.S_IROTH:
        return
    for path in (file for tree in trees for file in (tree, *tree.rglob("*"))):
        runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        _allow(account, path, stat.S_IROTH | (stat.S_IXOTH if runs else 0))


def _allow(account: Account, path: Path, bits: int) -> None:
    try:
        path.chmod(path.stat().st_mode | bits)
    except OSError as error:
        raise WarehouseError(
            "FOLDER_NOT_REACHABLE",
            f"Postgres runs as {account.name} and must be let through {path}, which failed "
            f"({error.strerror}): allow it (chmod o+x {path}), or move the project elsewhere",
        ) from error


def _may_pass(account: Account, folder: Path) -> bool:
    details = folder.stat()
    if account.uid == 0:
        return True
    if details.st_uid == account.uid:
        return bool(details.st_mode & stat.S_IXUSR)
    if details.st_gid == account.gid:
        return bool(details.st_mode & stat.S_IXGRP)
    return bool(details.st_mode & stat.S_IXOTH)


def _by_uid(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise WarehouseError(
            "UNNAMED_USER",
            f"the user number {uid} has no name on this machine, and Postgres needs one: add it "
            "to /etc/passwd, or run as a user that has a name",
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _system_account() -> Account:
    try:
        return _by_uid(pwd.getpwnam(SYSTEM_USER).pw_uid)
    except KeyError:
        pass
    make_user = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
    try:
        subprocess.run(make_user, check=True, capture_output=True, text=True)
        return _by_uid(pwd.getpwnam(SYSTEM_USER).pw_uid)
    except (OSError, KeyError, subprocess.CalledProcessError) as error:
        raise WarehouseError(
            "SYSTEM_USER",
            f"Postgres does not run as root, and the system user {SYSTEM_USER} could not be made "
            f"({error}): add it (useradd {SYSTEM_USER}), or run as an ordinary user",
        ) from error
