"""The API of this project's own dbt artefacts, without a database."""

from pathlib import Path

import pytest

from graphql_api.catalogue.load import load_catalogue
from graphql_api.catalogue.model import Catalogue
from tests.api.unit.asking import Api


@pytest.fixture(scope="session")
def catalogue(parsed_target: Path) -> Catalogue:
    return load_catalogue(parsed_target)


@pytest.fixture(scope="session")
def api(catalogue: Catalogue) -> Api:
    return Api(catalogue)
