"""Writes the SDL that reviewers and client generators read: ``graphql_api/schema.graphql``.

Run as ``python -m graphql_api.schema.export`` after `dbt parse`.
"""

from pathlib import Path

from graphql_api.catalogue.load import load_catalogue
from graphql_api.schema.schema import build_schema
from graphql_api.settings import Settings

SDL_PATH = Path(__file__).resolve().parent.parent / "schema.graphql"


def render(target_path: Path) -> str:
    """The SDL of the manifests in a dbt target folder."""
    return build_schema(load_catalogue(target_path), Settings()).as_str() + "\n"


if __name__ == "__main__":
    SDL_PATH.write_text(render(Settings().target_path), encoding="utf-8")
