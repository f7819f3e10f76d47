"""The GraphiQL page, from files of this server only: no address outside it is ever asked.

The files come from the npm registry when the project is set up (`make up`); without them the page
says so, and the API works as ever.
"""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from graphql_api.transport import HttpRouter

ASSETS = Path(__file__).resolve().parent / "static" / "graphiql"
PAGE = Path(__file__).resolve().parent / "static" / "graphiql.html"

# Scripts and styles from here only; GraphiQL sets inline styles and reads data: fonts and images.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'none'"
)


def mount_graphiql(app: FastAPI) -> None:
    """Serve the page's files below /graphiql."""
    app.mount("/graphiql", StaticFiles(directory=PAGE.parent), name="graphiql")


class GraphiQLRouter(HttpRouter):
    """A GraphQL router whose page for browsers is ours."""

    async def render_graphql_ide(self, request: Request) -> HTMLResponse:
        """The page, or one line that says how to get it."""
        if not (ASSETS / "graphiql.min.js").is_file():
            return HTMLResponse(
                "GraphiQL is not installed here (`make graphiql`, needs npm); "
                "the API answers POST /graphql.\n"
            )
        return HTMLResponse(PAGE.read_text(), headers={"content-security-policy": _POLICY})
