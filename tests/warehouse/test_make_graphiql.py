"""Fetching the GraphiQL page's scripts: the pinned packages or none, and never a failed build."""

import base64
import hashlib
import io
import re
import sys
import tarfile
from pathlib import Path

import pytest

from graphql_api.settings import PROJECT_ROOT
from warehouse import graphiql_assets
from warehouse.graphiql_assets import AssetsUnavailableError, Package, install

CONTENT = b"the script"


@pytest.fixture
def npm(tmp_path: Path) -> list[str]:
    """An npm whose `pack` puts one package of one file where it is told to."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as packed:
        for name, content in {"page.min.js": CONTENT, "huge.map": b"unwanted"}.items():
            entry = tarfile.TarInfo(f"package/dist/{name}")
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    (tmp_path / "page-1.0.0.tgz").write_bytes(archive.getvalue())
    script = (
        "import shutil, sys\n"
        "folder = sys.argv[sys.argv.index('--pack-destination') + 1]\n"
        f"shutil.copy({str(tmp_path / 'page-1.0.0.tgz')!r}, folder)\n"
    )
    return [sys.executable, "-c", script]


@pytest.fixture
def pinned(tmp_path: Path, npm: list[str], monkeypatch: pytest.MonkeyPatch) -> Package:
    digest = hashlib.sha512((tmp_path / "page-1.0.0.tgz").read_bytes()).digest()
    package = Package("page", "1.0.0", base64.b64encode(digest).decode(), ("dist/page.min.js",))
    monkeypatch.setattr(graphiql_assets, "PACKAGES", (package,))
    return package


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_only_the_files_the_page_needs_are_kept(pinned, npm, work, tmp_path):
    install(npm, work, tmp_path / "assets")
    kept = {file.name: file.read_bytes() for file in (tmp_path / "assets").iterdir()}
    assert kept == {"page.min.js": CONTENT}


def test_a_package_other_than_the_pinned_one_is_not_served(
    pinned, npm, work, tmp_path, monkeypatch
):
    monkeypatch.setattr(graphiql_assets, "PACKAGES", (pinned._replace(integrity="AAAA"),))
    with pytest.raises(AssetsUnavailableError, match="not the package that was pinned"):
        install(npm, work, tmp_path / "assets")
    assert not (tmp_path / "assets").exists()


def test_a_failing_npm_is_one_line_of_warning_and_no_failure(monkeypatch, capsys):
    failing = [sys.executable, "-c", "import sys; sys.exit('npm error code ENOTFOUND\\nand more')"]
    monkeypatch.setattr(graphiql_assets, "npm_command", lambda: failing)
    graphiql_assets.main()
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(r"warning: the GraphiQL page will be missing \([^\n]+\)[^\n]+\n", said.err)
    assert "npm error code ENOTFOUND" in said.err


def test_the_page_asks_for_exactly_the_files_that_are_fetched():
    page = (PROJECT_ROOT / "graphql_api" / "static" / "graphiql.html").read_text()
    asked = set(re.findall(r'"/graphiql/graphiql/([^"]+)"', page))
    fetched = {Path(file).name for package in graphiql_assets.PACKAGES for file in package.files}
    assert asked == fetched
    assert "://" not in page
