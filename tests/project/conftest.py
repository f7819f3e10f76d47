"""This project's artefacts, parsed once."""

import json
from pathlib import Path

import pytest

from tests.project.artifacts import Project


@pytest.fixture(scope="session")
def project(parsed_target: Path) -> Project:
    return Project(
        json.loads((parsed_target / "manifest.json").read_text()),
        json.loads((parsed_target / "semantic_manifest.json").read_text()),
    )
