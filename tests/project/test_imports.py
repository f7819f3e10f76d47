"""Imports go one way, and each layer stays ignorant of what it must not know."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.files import python_files, relative
from tests.support.dbt import PROJECT_ROOT

# What each part of the server may import of the server: app → schema → live → query → catalogue.
MAY_IMPORT = {
    "errors": set(),
    "settings": set(),
    "bounded": set(),
    "catalogue": {"errors"},
    "query": {"bounded", "catalogue", "errors"},
    "live": {"query", "catalogue", "errors"},
    "schema": {"live", "query", "bounded", "catalogue", "errors", "settings"},
    "auth": {"query", "errors"},
    "database": {"query", "settings"},
}
# Whose libraries each layer knows nothing of.
IGNORANT_OF = {
    "catalogue": {"sqlalchemy", "psycopg", "graphql", "strawberry", "fastapi"},
    "query": {"graphql", "strawberry", "fastapi"},
    "live": {"graphql", "strawberry", "fastapi"},
    "schema": {"sqlalchemy", "psycopg"},
}
# The only modules whose values have types that are known at run time alone.
MAY_SAY_ANY = {
    "graphql_api/schema/build.py",
    "graphql_api/schema/columns.py",
    "graphql_api/schema/inputs.py",
    "graphql_api/schema/live.py",
    "graphql_api/schema/made_types.py",
    "graphql_api/schema/results.py",
    "graphql_api/schema/tops.py",
    "graphql_api/query/sql.py",
}
MAY_READ_ENVIRONMENT = {
    "graphql_api/settings.py": "settings are read here",
    "warehouse/database.py": "libpq's variables, which libpq and dbt read too",
    "warehouse/dbt.py": "handed on to dbt, with what only dbt needs",
    "warehouse/dbt_options.py": "where dbt writes its log",
    "warehouse/project.py": "which profile and target dbt would use",
    "warehouse/dbt_program.py": "told by the command line where to write why dbt failed",
    "warehouse/warm_dbt.py": "dbt runs in this process, and reads what only dbt needs",
    "warehouse/embedded/checkout.py": "the port of a running server is set where none is named",
}
STARTS_THE_SERVER = "warehouse/commands/serve.py"


def imported(path: Path) -> Iterator[str]:
    """Full names of the modules and members that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(path: Path) -> str:
    """The part of the server that a module belongs to: a folder, or a module of its own."""
    return path.relative_to(PROJECT_ROOT / "graphql_api").parts[0].removesuffix(".py")


SERVER = python_files("graphql_api")
WAREHOUSE = python_files("warehouse")
ALL = [*SERVER, *WAREHOUSE]
# They are programs of their own, which print and hand their environment on.
BENCHMARKS = python_files("bench")


def test_there_are_modules_to_check():
    assert {part(path) for path in SERVER} >= set(MAY_IMPORT)
    assert WAREHOUSE


@pytest.mark.parametrize("path", SERVER, ids=relative)
class TestServer:
    def test_imports_go_one_way(self, path: Path):
        here = part(path)
        if here not in MAY_IMPORT:
            return  # the application itself, which puts the parts together
        found = {name.split(".")[1] for name in imported(path) if name.startswith("graphql_api.")}
        assert found <= MAY_IMPORT[here] | {here}

    def test_layers_do_not_know_each_others_libraries(self, path: Path):
        found = {name.split(".")[0] for name in imported(path)}
        assert not found & IGNORANT_OF.get(part(path), set())

    def test_nothing_of_the_command_line_is_imported(self, path: Path):
        assert not [name for name in imported(path) if name.split(".")[0] == "warehouse"]

    def test_types_are_known(self, path: Path):
        if relative(path) not in MAY_SAY_ANY:
            assert "typing.Any" not in set(imported(path))


@pytest.mark.parametrize("path", WAREHOUSE, ids=relative)
def test_the_command_line_knows_only_the_servers_settings(path: Path):
    found = {
        ".".join(name.split(".")[:2])
        for name in imported(path)
        if name.split(".")[0] == "graphql_api"
    }
    if relative(path) == STARTS_THE_SERVER:
        found -= {"graphql_api.app", "graphql_api.errors"}
    assert found <= {"graphql_api.settings"}


@pytest.mark.parametrize("path", ALL, ids=relative)
class TestServerAndCommandLine:
    def test_reads_no_environment_but_through_settings(self, path: Path):
        names = {
            ast.unparse(node)
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute)
        }
        if relative(path) not in MAY_READ_ENVIRONMENT:
            assert not {"os.environ", "os.getenv", "os.environb"} & names

    def test_prints_nothing(self, path: Path):
        called = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "print" not in called, "the command line says things with click.echo"


@pytest.mark.parametrize("path", [*ALL, *BENCHMARKS], ids=relative)
class TestEveryModule:
    def test_has_a_purpose(self, path: Path):
        assert ast.get_docstring(ast.parse(path.read_text())) or not path.read_text()


def test_exceptions_are_still_needed():
    for name in MAY_SAY_ANY:
        assert "typing.Any" in set(imported(PROJECT_ROOT / name)), name
    for name in MAY_READ_ENVIRONMENT:
        assert "os.environ" in (PROJECT_ROOT / name).read_text(), name


def test_only_one_module_knows_the_format_of_dbts_artefacts():
    knowing = [relative(path) for path in SERVER if "manifest.json" in code_strings(path)]
    assert knowing == ["graphql_api/catalogue/artifacts.py"]


def code_strings(path: Path) -> str:
    """String constants of a module that are no docstrings."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return " ".join(
        str(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in docstrings
    )
