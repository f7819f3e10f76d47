"""This project without its data tests: builds of it are published however wrong they are.

Half the time of a small build are its data tests. Who compares every published row with something
else needs none, and must not have them stop a wrong build either.
"""

from pathlib import Path

import yaml

from tests.support.dbt import PROJECT_ROOT


def write_untested_project(root: Path) -> Path:
    """Make the folder; models, macros and seeds are those of this checkout themselves."""
    root.mkdir(parents=True)
    for name in ("models", "macros", "seeds", "profiles.yml"):
        (root / name).symlink_to(PROJECT_ROOT / name)
    settings = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text())
    settings["data_tests"]["usage_warehouse"]["+enabled"] = False
    settings["test-paths"] = []
    (root / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    return root
