"""The command line ends the dbt it started, whichever way it is told to stop."""

import re
import signal
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import psutil
import pytest

from graphql_api.settings import PROJECT_ROOT
from warehouse import dbt
from warehouse.errors import WarehouseError

RUN = """
import signal, sys
from pathlib import Path
from warehouse.cli import exit_on_signal
from warehouse.dbt import run_dbt

# As in a terminal, even where the tests themselves were started with Ctrl-C ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, exit_on_signal)
sys.executable = sys.argv[1]
run_dbt(["build"], Path("target"))
"""


def fake_dbt(folder: Path, script: str) -> Path:
    """A Python that runs this shell script, whatever it is told to."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_dbt_does_not_outlive_the_command_line(tmp_path: Path, number: signal.Signals):
    python = fake_dbt(tmp_path, "echo $$; exec sleep 600")
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, python],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    started = psutil.Process(int(process.stdout.readline()))
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert not started.is_running()


def test_a_failed_dbt_is_one_line_that_says_readers_are_unharmed(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(fake_dbt(tmp_path, "exit 2")))
    with pytest.raises(WarehouseError) as caught:
        dbt.run_dbt(["build"], tmp_path)
    assert caught.value.code == "DBT_FAILED"
    assert "what readers see is unchanged" in caught.value.message


def test_the_nodes_that_a_build_of_changes_names_are_not_repeated(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(fake_dbt(tmp_path, "exit 2")))
    command = ["build", "--select", *(f"source:kaapi.table_{number}" for number in range(300))]
    with pytest.raises(WarehouseError, match=re.escape("`dbt build (of what changed: kaapi)`")):
        dbt.run_dbt(command, tmp_path, only_changes="kaapi")
    with pytest.raises(WarehouseError, match=r"source:kaapi\.table_299`"):
        dbt.run_dbt(command, tmp_path)


def test_a_missing_dbt_names_the_command_that_installs_it(tmp_path, monkeypatch):
    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(dbt, "version", version)
    with pytest.raises(WarehouseError) as caught:
        dbt.run_dbt(["build"], tmp_path)
    assert caught.value.code == "DBT_MISSING"
    assert "make build" in caught.value.message
