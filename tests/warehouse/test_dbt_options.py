"""Options of dbt that change what is built, apart from those that say how dbt runs."""

import os
from pathlib import Path

import pytest

from warehouse.dbt_options import DbtOptions, check_log_folder, dbt_options, log_folder
from warehouse.errors import WarehouseError


@pytest.mark.parametrize(
    "arguments",
    [
        ["--quiet"],
        ["-q", "--threads", "4"],
        ["--threads=4", "--no-partial-parse", "--fail-fast"],
        ["--log-level", "warn", "--log-format=json", "--log-path", "elsewhere", "--debug"],
        ["--printer-width", "200", "--no-use-colors", "--no-populate-cache", "-x"],
    ],
)
def test_how_dbt_runs_changes_no_build(arguments: list[str]):
    options = dbt_options(arguments)
    assert options == DbtOptions(running=tuple(arguments))
    assert not options.always_builds


@pytest.mark.parametrize(
    "arguments",
    [
        ["--select", "fct_requests", "dim_users"],
        ["--exclude", "dim_users"],
        ["--vars", "{reconcile: true}"],
        ["--empty"],
        ["--sample=3 days"],
        ["--event-time-start", "2026-01-01"],
        ["--selector", "nightly"],
        ["--resource-type", "model"],
        ["--defer", "--state", "elsewhere"],
        ["--indirect-selection", "empty"],
        ["--no-write-json"],
        ["--an-option-of-tomorrow"],
        # A value where none belongs is not ours to judge: dbt says what is wrong.
        ["--quiet", "what"],
        ["--threads"],
    ],
)
def test_what_selects_or_is_not_known_changes_a_build(arguments: list[str]):
    assert dbt_options(arguments) == DbtOptions(changing=tuple(arguments))


def test_options_may_stand_in_any_order():
    options = dbt_options(["-q", "--select", "a", "b", "--threads", "2", "--full-refresh"])
    assert options.running == ("-q", "--threads", "2")
    assert options.whole == ("--full-refresh",)
    assert options.changing == ("--select", "a", "b")


def test_after_a_full_refresh_a_build_is_one_of_everything():
    options = dbt_options(["--full-refresh", "--warn-error", "--quiet"])
    assert options.always_builds
    assert not options.changing


@pytest.mark.parametrize(
    ("arguments", "is_quiet"),
    [([], False), (["-q"], True), (["--quiet", "--no-quiet"], False), (["--no-quiet"], False)],
)
def test_the_last_word_on_quiet_counts(arguments: list[str], is_quiet: bool):
    assert dbt_options(arguments).is_quiet == is_quiet


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["--target", "alice"], "set DBT_TARGET instead"),
        (["-t", "alice"], "set DBT_TARGET instead"),
        (["--profiles-dir=/elsewhere"], "with DBT_TARGET"),
        (["--target-path", "elsewhere"], "USAGE_WAREHOUSE_TARGET_PATH"),
    ],
)
def test_what_all_commands_must_agree_on_is_refused_with_the_setting(
    arguments: list[str], remedy: str
):
    with pytest.raises(WarehouseError, match=rf"BUILD_OPTIONS.*{remedy}"):
        dbt_options(arguments)


class TestLogFolder:
    def test_is_where_dbt_writes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "a"))
        assert log_folder(["build"]) == tmp_path / "a"
        assert log_folder(["build", "--log-path", str(tmp_path / "b")]) == tmp_path / "b"
        assert log_folder(["build", f"--log-path={tmp_path / 'c'}"]) == tmp_path / "c"

    def test_is_named_with_the_remedy_where_it_cannot_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "file" / "logs"))
        with pytest.raises(WarehouseError, match=r"FOLDER_NOT_WRITABLE.*logs.*DBT_LOG_PATH"):
            check_log_folder()

    def test_is_made_where_it_is_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "new" / "logs"))
        assert os.access(check_log_folder(), os.W_OK)
