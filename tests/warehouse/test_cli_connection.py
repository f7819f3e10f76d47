"""dbt (profiles.yml) and Python (DatabaseSettings) read libpq's variables alike."""

import jinja2
import pytest
import yaml

from tests.support.checkout import PROJECT_ROOT
from warehouse.database import database_settings
from warehouse.errors import WarehouseError

VARIABLES = ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD")

EMBEDDED = {"host": "/tmp", "port": 15432, "user": "usage_warehouse", "dbname": "usage_warehouse"}
YOURS = {**EMBEDDED, "host": "db.example", "port": 5432}


def profile(environment: dict[str, str]) -> dict[str, object]:
    """The connection that dbt would use, rendered as dbt renders it."""
    text = (PROJECT_ROOT / "profiles.yml").read_text()
    output = yaml.safe_load(text)["usage_warehouse"]["outputs"]["postgres"]
    jinja = jinja2.Environment()
    jinja.filters["as_number"] = int
    rendered = {
        name: jinja.from_string(str(output[name])).render(env_var=environment.get)
        for name in EMBEDDED
    }
    return {**rendered, "port": int(rendered["port"])}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, EMBEDDED),
        ({"PGPORT": "15999"}, {**EMBEDDED, "port": 15999}),
        ({"PGHOST": "db.example"}, YOURS),
        ({"PGHOST": "db.example", "PGPORT": "6000"}, {**YOURS, "port": 6000}),
        (
            {"PGHOST": "db.example", "PGUSER": "ann", "PGDATABASE": "figures"},
            {**YOURS, "user": "ann", "dbname": "figures"},
        ),
        (dict.fromkeys(VARIABLES, ""), EMBEDDED),
        ({"PGHOST": "db.example", "PGPORT": "", "PGUSER": ""}, YOURS),
    ],
)
def test_dbt_and_python_connect_to_the_same_place(monkeypatch, environment, expected):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert profile(environment) == expected
    assert database_settings().conninfo() == expected


def test_an_error_is_one_line_with_its_code():
    fault = WarehouseError("SOME_CODE", "the thing\n  is  broken:\nmend it")
    assert str(fault) == "error [SOME_CODE]: the thing is broken: mend it"
    assert fault.exit_code == 1
