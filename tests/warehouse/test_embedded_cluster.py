"""The embedded server through restarts, crashes, strangers on its port and odd data folders."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.leftovers import cleared_afterwards
from tests.support.postgres import free_port
from warehouse.embedded import Cluster
from warehouse.embedded.account import run_as, server_account
from warehouse.embedded.configuration import Listening
from warehouse.errors import WarehouseError

pytestmark = pytest.mark.database

MakeCluster = Callable[..., Cluster]


@pytest.fixture
def make_cluster() -> Iterator[MakeCluster]:
    """Clusters that have not been started, in a folder closed to others as checkouts often are."""
    folder = Path(tempfile.mkdtemp(prefix="uw-test-"))

    def make(
        name: str = "one", listening: Listening | None = None, *, durable: bool = False
    ) -> Cluster:
        sockets = folder / "sockets"
        sockets.mkdir(exist_ok=True)
        sockets.chmod(0o777)
        where = listening or Listening(sockets, free_port())
        return Cluster(folder / name / "data", where, durable)

    with cleared_afterwards(folder):
        yield make


def test_data_survives_a_restart(make_cluster: MakeCluster):
    cluster = make_cluster()
    assert cluster.start()
    _write_row(cluster)
    assert cluster.stop()
    assert cluster.postmaster() is None
    assert cluster.start()
    assert _rows(cluster) == 1


def test_starting_or_stopping_twice_does_nothing(make_cluster: MakeCluster):
    cluster = make_cluster()
    assert cluster.start()
    pid = _pid(cluster)
    assert not cluster.start()
    assert _pid(cluster) == pid
    assert cluster.stop()
    assert not cluster.stop()


def test_data_survives_kill_9_of_the_server(make_cluster: MakeCluster):
    cluster = make_cluster(durable=True)
    cluster.start()
    _write_row(cluster)
    os.kill(_pid(cluster), signal.SIGKILL)
    _wait_until(lambda: cluster.postmaster() is None)
    assert (cluster.data_dir / "postmaster.pid").exists()
    assert cluster.start()
    assert _rows(cluster) == 1


def test_a_stale_lock_that_names_a_living_stranger_does_not_stop_the_start(
    make_cluster: MakeCluster,
):
    cluster = make_cluster(durable=True)
    cluster.start()
    _write_row(cluster)
    os.kill(_pid(cluster), signal.SIGKILL)
    _wait_until(lambda: cluster.postmaster() is None)
    with _stranger(cluster) as stranger:
        lock = cluster.data_dir / "postmaster.pid"
        lines = lock.read_text().splitlines()
        lock.write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        assert cluster.start()
        assert stranger.poll() is None
    assert _rows(cluster) == 1


def test_stop_never_signals_a_stranger_named_in_a_stale_lock(make_cluster: MakeCluster):
    cluster = make_cluster()
    cluster.start()
    cluster.stop()
    with _stranger(cluster) as stranger:
        lock = cluster.data_dir / "postmaster.pid"
        lock.write_text(f"{stranger.pid}\n{cluster.data_dir}\n1\n5432\n/tmp\n\n0 0\nready\n")
        assert not cluster.stop()
        assert stranger.poll() is None


def test_stop_ends_only_the_server_of_its_own_folder(make_cluster: MakeCluster):
    ours, theirs = make_cluster("ours"), make_cluster("theirs")
    ours.start()
    theirs.start()
    # The lock file of one folder may be a copy of another's (a copied checkout).
    copied = (theirs.data_dir / "postmaster.pid").read_text()
    ours.stop()
    (ours.data_dir / "postmaster.pid").write_text(copied)
    assert not ours.stop()
    assert theirs.postmaster() is not None


def test_another_program_on_the_port_is_named(make_cluster: MakeCluster):
    cluster = make_cluster()
    with socket.socket() as other:
        other.bind(("127.0.0.1", cluster.listening.port))
        other.listen()
        fault = _fault(cluster)
    assert fault.code == "POSTGRES_PORT_BUSY"
    assert f"port {cluster.listening.port}" in fault.message
    assert "PGPORT=" in fault.message


def test_another_postgres_on_the_port_is_named_with_its_folder(make_cluster: MakeCluster):
    theirs = make_cluster("theirs")
    theirs.start()
    fault = _fault(make_cluster("ours", theirs.listening))
    assert fault.code == "POSTGRES_PORT_BUSY"
    assert str(theirs.data_dir) in fault.message
    assert theirs.postmaster() is not None


def test_socket_files_of_a_killed_server_of_another_folder_are_cleared(make_cluster: MakeCluster):
    theirs = make_cluster("theirs")
    theirs.start()
    os.kill(_pid(theirs), signal.SIGKILL)
    _wait_until(lambda: theirs.postmaster() is None)
    _wait_until(lambda: not _port_is_taken(theirs.listening.port))
    assert list(theirs.listening.socket_dir.glob(".s.PGSQL.*.lock"))
    ours = make_cluster("ours", theirs.listening)
    assert ours.start()


def test_asking_for_another_port_than_the_running_one_is_refused(make_cluster: MakeCluster):
    cluster = make_cluster()
    cluster.start()
    moved = Cluster(
        cluster.data_dir, Listening(cluster.listening.socket_dir, free_port()), durable=False
    )
    fault = _fault(moved)
    assert fault.code == "RUNS_ON_OTHER_PORT"
    assert f"PGPORT={cluster.listening.port}" in fault.message


def test_data_of_another_major_version_is_refused_untouched(make_cluster: MakeCluster):
    cluster = make_cluster()
    cluster.start()
    cluster.stop()
    (cluster.data_dir / "PG_VERSION").write_text("16\n")
    fault = _fault(cluster)
    assert fault.code == "POSTGRES_VERSION"
    assert "Postgres 16" in fault.message
    assert (cluster.data_dir / "PG_VERSION").read_text() == "16\n"


def test_a_folder_with_other_files_is_refused_untouched(make_cluster: MakeCluster):
    cluster = make_cluster()
    cluster.data_dir.mkdir(parents=True)
    (cluster.data_dir / "thesis.txt").write_text("mine")
    assert _fault(cluster).code == "NOT_A_DATA_FOLDER"
    assert (cluster.data_dir / "thesis.txt").read_text() == "mine"


def test_an_interrupted_initdb_leaves_nothing_that_looks_like_data(make_cluster: MakeCluster):
    cluster = make_cluster()
    unfinished = cluster.data_dir.with_name("data.unfinished")
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    assert cluster.start()
    assert not unfinished.exists()


def test_a_place_that_cannot_be_written_is_one_line(make_cluster: MakeCluster):
    cluster = make_cluster()
    cluster.data_dir.parent.parent.joinpath("one").write_text("a file where a folder should be")
    fault = _fault(cluster)
    assert fault.code == "FOLDER_NOT_WRITABLE"
    assert str(cluster.data_dir.parent) in fault.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_one_line(make_cluster: MakeCluster):
    cluster = make_cluster()
    cluster.data_dir.parent.mkdir(mode=0o555)
    assert _fault(cluster).code == "FOLDER_NOT_WRITABLE"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may use everybody's folders")
def test_the_folder_of_another_user_is_refused():
    with pytest.raises(WarehouseError) as caught:
        server_account(Path("/usr"))
    assert caught.value.code == "DATA_FOLDER_OWNER"
    assert "root" in caught.value.message


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")
def test_root_runs_a_user_s_server_as_that_user(make_cluster: MakeCluster):
    cluster = make_cluster()
    owner = psutil.Process().uids().real + 1  # `daemon` on every Linux
    cluster.data_dir.mkdir(parents=True)
    os.chown(cluster.data_dir, owner, owner)
    cluster.start()
    assert psutil.Process(_pid(cluster)).uids().real == owner
    assert cluster.data_dir.stat().st_uid == owner


def test_settings_of_the_administrator_outlive_a_restart(make_cluster: MakeCluster):
    cluster = make_cluster()
    cluster.start()
    with cluster.connect() as superuser:
        superuser.execute("alter system set work_mem = '7MB'")
    cluster.stop()
    cluster.start()
    with cluster.connect() as superuser:
        assert superuser.execute("show work_mem").fetchone() == ("7MB",)


def _write_row(cluster: Cluster) -> None:
    with cluster.connect() as superuser:
        superuser.execute("create table kept (n int)")
        superuser.execute("insert into kept values (1)")


def _rows(cluster: Cluster) -> int:
    with cluster.connect() as superuser:
        row = superuser.execute("select count(*) from kept").fetchone()
    assert row is not None
    return row[0]


def _pid(cluster: Cluster) -> int:
    running = cluster.postmaster()
    assert running is not None
    return running.pid


def _fault(cluster: Cluster) -> WarehouseError:
    with pytest.raises(WarehouseError) as caught:
        cluster.start()
    assert "\n" not in str(caught.value)
    return caught.value


def _port_is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stranger(cluster: Cluster) -> subprocess.Popen[bytes]:
    """A harmless process of the user whom the server runs as: the one case Postgres misjudges."""
    account = server_account(cluster.data_dir)
    switch = {} if account.uid == os.geteuid() else {"user": account.uid}
    # It ends by itself when the `with` block closes its input.
    return subprocess.Popen(["cat"], stdin=subprocess.PIPE, cwd="/", **switch)


def _wait_until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def test_run_as_shows_what_a_program_said_and_how_it_ended():
    account = server_account(Path("/nonexistent"))
    ended = run_as(account, ["/bin/sh", "-c", "echo out; echo err >&2; id -un; exit 3"])
    assert ended.status == 3
    assert ended.output.split() == ["out", "err", account.name]
