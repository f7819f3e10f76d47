"""What is in the repository belongs there, and works from a clone on any machine."""

import ast
import re
import tomllib
from pathlib import Path

from tests.project.files import relative, tracked_files
from tests.support.dbt import PROJECT_ROOT

# Written apart, so that this file does not find itself.
REGISTRIES = (
    *("py" + "pi.org", "pythonhosted" + ".org", "npm" + "js", "debian" + ".org"),
    *("ubuntu" + ".com", "ghcr" + ".io", "docker" + ".io", "get" + "dbt.com/packages"),
    *("hub.get" + "dbt", "mave" + "n.org", "crates" + ".io", "proxy.go" + "lang"),
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me|Us" + r"ers|mnt|workspace)/\w", re.ASCII
)


def is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()[:4096]


TEXTS = [path for path in tracked_files() if is_text(path)]


class TestTexts:
    def test_name_no_package_registry(self):
        """Packages come through the ordinary clients, from wherever those are set up to look."""
        found = [
            f"{relative(path)}: {host}"
            for path in TEXTS
            for host in REGISTRIES
            if host in path.read_text(errors="replace").lower()
        ]
        assert not found

    def test_name_no_folder_of_one_machine(self):
        found = [
            f"{relative(path)}: {folder}"
            for path in TEXTS
            for folder in MACHINE_PATHS.findall(path.read_text(errors="replace"))
        ]
        assert not found

    def test_end_lines_as_everyone_does(self):
        raw = {path: path.read_bytes() for path in TEXTS}
        assert not [relative(path) for path, text in raw.items() if b"\r\n" in text]
        assert not [relative(path) for path, text in raw.items() if text and text[-1:] != b"\n"]


def test_the_checks_of_texts_can_fail():
    assert MACHINE_PATHS.search("see /ho" + "me/me/x")
    assert MACHINE_PATHS.search('"/wo' + 'rk/x"')
    assert not MACHINE_PATHS.search("docs/work/x and https://example.org/home/x")


def test_nothing_that_use_makes_is_kept():
    kept = [relative(path) for path in tracked_files()]
    made = re.compile(r"(^|/)(target|logs|\.local|\.venv|__pycache__|node_modules)/|\.egg-info/")
    assert not [name for name in kept if made.search(name)]


def test_no_file_is_empty_but_markers():
    empty = [path for path in tracked_files() if not path.stat().st_size]
    assert {path.name for path in empty} <= {"py.typed"}


class TestTests:
    @staticmethod
    def files() -> list[Path]:
        return [
            path
            for path in tracked_files()
            if path.suffix == ".py" and relative(path).startswith("tests/")
        ]

    @staticmethod
    def collected_folders() -> list[str]:
        settings = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())
        return list(settings["tool"]["pytest"]["ini_options"]["testpaths"])

    def test_are_all_collected(self):
        folders = tuple(f"{folder}/" for folder in self.collected_folders())
        for path in self.files():
            if path.name.startswith("test_"):
                assert relative(path).startswith(folders), f"pytest never collects {relative(path)}"

    def test_stand_in_files_that_are_collected(self):
        """A test in a helper module is never run."""
        for path in self.files():
            if path.name.startswith("test_"):
                continue
            tests = [
                node.name
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                and node.name.startswith("test_")
            ]
            assert not tests, f"{relative(path)}: {tests}"

    def test_each_file_holds_some(self):
        for path in self.files():
            if path.name.startswith("test_"):
                names = [
                    node.name
                    for node in ast.walk(ast.parse(path.read_text()))
                    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                ]
                assert any(name.startswith("test_") for name in names), relative(path)

    def test_no_name_stands_twice(self):
        """The second of two tests of one name in one place replaces the first."""
        for path in self.files():
            tree = ast.parse(path.read_text())
            for scope in (tree, *(n for n in ast.walk(tree) if isinstance(n, ast.ClassDef))):
                names = [
                    node.name
                    for node in scope.body
                    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
                    and not any("setter" in ast.unparse(d) for d in node.decorator_list)
                    and not any("overload" in ast.unparse(d) for d in node.decorator_list)
                ]
                twice = {name for name in names if names.count(name) > 1}
                assert not twice, f"{relative(path)}: {twice}"

    def test_folders_of_dbt_tests_are_known_to_dbt(self):
        for path in tracked_files():
            if relative(path).startswith("tests/dbt/"):
                assert path.suffix in (".sql", ".yml", ".csv"), relative(path)


def test_packages_are_installed_whole():
    """A folder with modules but no __init__.py would be left out of the installation."""
    settings = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())
    assert settings["tool"]["setuptools"]["packages"]["find"]["include"] == [
        "graphql_api*",
        "warehouse*",
    ]
    folders = {
        path.parent
        for path in tracked_files()
        if path.suffix == ".py" and relative(path).startswith(("graphql_api/", "warehouse/"))
    }
    assert not [relative(folder) for folder in folders if not (folder / "__init__.py").exists()]


def test_the_lock_names_every_direct_dependency():
    settings = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())
    project = settings["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=~! ]", each)[0].lower().replace("_", "-") for each in wanted}
    lock = (PROJECT_ROOT / "requirements.lock").read_text().lower()
    locked = {line.split("==")[0].strip() for line in lock.splitlines() if "==" in line}
    assert names <= {name.replace("_", "-") for name in locked}


def test_every_dependency_has_an_upper_bound():
    settings = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())
    assert not [
        each for each in settings["project"]["dependencies"] if "<" not in each and "==" not in each
    ]
