"""Whatever is wrong, the command line says it in one line, with a code, and exits with 1."""

import fcntl
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.checkout import PROJECT_ROOT, Checkout, copied_checkout
from tests.support.postgres import free_port


@pytest.fixture(scope="module")
def checkout() -> Iterator[Checkout]:
    with copied_checkout() as copy:
        yield copy


def fault(checkout: Checkout, *arguments: str, **environment: str) -> tuple[str, str]:
    """The code and text of the single line that the command prints."""
    status, said = checkout.run(*arguments, **environment)
    assert status == 1, said
    found = re.fullmatch(r"error \[([A-Z_]+)\]: ([^\n]+)\n", said)
    assert found, said
    return found[1], found[2]


@pytest.mark.parametrize("command", ["up", "serve"])
def test_a_busy_api_port_is_said_before_anything_is_done(checkout: Checkout, command: str):
    with socket.socket() as other:
        other.bind(("127.0.0.1", checkout.api_port))
        other.listen()
        code, text = fault(checkout, command)
    assert code == "PORT_BUSY"
    assert f"port {checkout.api_port} " in text
    assert "USAGE_WAREHOUSE_PORT" in text
    assert not (checkout.root / ".local").exists()


@pytest.mark.parametrize(
    ("command", "port"),
    [("up", "http"), ("build", "0"), ("serve", "65536"), ("down", "-1"), ("status", "5e3")],
)
def test_a_wrong_libpq_port_is_named(checkout: Checkout, command: str, port: str):
    code, text = fault(checkout, command, PGPORT=port)
    assert code == "BAD_SETTING"
    assert f"PGPORT={port}" in text


@pytest.mark.parametrize("value", ["http", "-1", "0"])
def test_a_wrong_setting_is_named(checkout: Checkout, value: str):
    code, text = fault(checkout, "serve", USAGE_WAREHOUSE_PORT=value)
    assert code == "BAD_SETTING"
    assert f"USAGE_WAREHOUSE_PORT={value}" in text


def test_an_impossible_address_is_named(checkout: Checkout):
    code, text = fault(checkout, "serve", USAGE_WAREHOUSE_HOST="203.0.113.1")
    assert code == "CANNOT_LISTEN"
    assert "203.0.113.1" in text


@pytest.mark.parametrize(
    "arguments", [("up",), ("build",), ("serve",), ("keys", "list"), ("keys", "tenants")]
)
def test_a_server_that_does_not_answer_is_named_without_the_password(checkout, arguments):
    port = str(free_port())
    code, text = fault(
        checkout,
        *arguments,
        PGHOST="127.0.0.1",
        PGPORT=port,
        PGUSER="ann",
        PGDATABASE="figures",
        PGPASSWORD="do-not-show",
    )
    assert code == "DATABASE_UNREACHABLE"
    assert f"host 127.0.0.1, port {port}, database figures, user ann" in text
    assert "do-not-show" not in text
    assert not (checkout.root / ".local").exists()


@pytest.mark.database
def test_a_refused_login_is_named_without_the_password(checkout, postgres_server, fresh_database):
    name = fresh_database()
    own = postgres_server.env(name)
    over_tcp = {**own, "PGHOST": postgres_server.tcp_host, "PGPASSWORD": "do-not-show"}
    code, text = fault(checkout, "build", **over_tcp)
    assert code == "DATABASE_LOGIN"
    assert f"database {name}, user usage_warehouse" in text
    assert "do-not-show" not in text
    assert fault(checkout, "build", **{**own, "PGUSER": "nobody_here"})[0] == "DATABASE_LOGIN"
    assert fault(checkout, "build", **{**own, "PGDATABASE": "nowhere"})[0] == "DATABASE_MISSING"


@pytest.mark.database
def test_serving_without_the_manifests_names_file_and_command(
    checkout, postgres_server, fresh_database
):
    code, text = fault(checkout, "serve", **postgres_server.env(fresh_database()))
    assert code == "MANIFEST_MISSING"
    assert str(checkout.root / "target" / "manifest.json") in text
    assert "make build" in text


@pytest.mark.database
def test_your_own_server_without_raw_tables_gets_no_sample_rows(
    checkout, postgres_server, fresh_database
):
    name = fresh_database()
    status, said = checkout.run("build", **postgres_server.env(name))
    assert status == 1
    last = said.splitlines()[-1]
    assert last.startswith("error [DBT_FAILED]: ")
    assert "kaapi" in said
    with postgres_server.connect(name) as connection:
        schemas = connection.execute("select 1 from pg_namespace where nspname = 'kaapi'")
        assert schemas.fetchone() is None


@pytest.mark.database
def test_a_target_folder_that_cannot_be_written_is_named(checkout, postgres_server, fresh_database):
    target = checkout.root / "README.md" / "target"
    own = postgres_server.env(fresh_database())
    code, text = fault(checkout, "build", **own, USAGE_WAREHOUSE_TARGET_PATH=str(target))
    assert code == "FOLDER_NOT_WRITABLE"
    assert str(target) in text


@pytest.mark.database
def test_a_second_build_at_the_same_time_is_refused(checkout, postgres_server, fresh_database):
    target = checkout.root / "target"
    target.mkdir(exist_ok=True)
    with (target / "usage_warehouse_build.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, text = fault(checkout, "build", **postgres_server.env(fresh_database()))
    assert code == "BUILD_RUNNING"
    assert str(target) in text


def test_commands_on_an_embedded_server_that_is_not_running_say_how_to_start_it(checkout):
    code, text = fault(checkout, "keys", "list")
    assert code == "EMBEDDED_NOT_RUNNING"
    assert "make up" in text


def test_status_of_a_fresh_checkout_says_what_to_do_and_makes_nothing(checkout: Checkout):
    status, said = checkout.run("status")
    assert status == 1
    assert "not made yet: `make up`" in said
    assert not (checkout.root / ".local").exists()


def test_a_broken_project_file_is_named():
    with copied_checkout() as copy:
        (copy.root / "dbt_project.yml").write_text("vars: {source_systems: [kaapi]}")
        code, text = fault(copy, "up")
    assert code == "PROJECT_FILE"
    assert "kaapi_schema" in text


def test_help_is_quick_because_it_loads_no_database_driver_and_no_dbt():
    script = (
        "import sys; from warehouse.cli import cli\n"
        "cli.main(['--help'], standalone_mode=False)\n"
        "loaded = {'psycopg', 'dbt', 'pydantic', 'yaml', 'uvicorn'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    for command in ("up", "build", "serve", "down", "status", "clean", "sample", "keys", "bi"):
        assert re.search(rf"^  {command} +\S", ended.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", ["sample", "keys", "bi", "up", "build", "serve", "clean"])
def test_every_command_explains_itself(checkout: Checkout, command: str):
    status, said = checkout.run(command, "--help")
    assert status == 0
    assert "Usage: usage-warehouse" in said


def test_an_unknown_command_is_a_usage_error(checkout: Checkout):
    status, said = checkout.run("upp")
    assert status == 2
    assert "No such command 'upp'" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_checkout_is_named():
    with copied_checkout() as copy:
        copy.root.chmod(0o555)
        try:
            code, _ = fault(copy, "build")
        finally:
            copy.root.chmod(0o755)
    assert code == "FOLDER_NOT_WRITABLE"
