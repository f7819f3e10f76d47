"""Plain Strawberry: a schema written by hand, and resolvers on our compiler.

    python -m bench.asking.plain PORT

What most Python servers would look like. The key is verified and the tenant's scope set as in our
own server; the answer is a list of objects that graphql-core completes field by field.
"""

import sys
from datetime import UTC, datetime
from typing import Any, NewType, cast

import strawberry
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.schema.config import StrawberryConfig
from strawberry.types.info import Info
from strawberry.types.scalar import ScalarDefinition

from bench.asking.plain_questions import request_of
from graphql_api.auth.keys import authenticate
from graphql_api.catalogue.load import load_catalogue
from graphql_api.database import create_engine
from graphql_api.query.executor import Executor
from graphql_api.settings import DatabaseSettings, Settings

BigInt = NewType("BigInt", int)


@strawberry.type
class Usage:
    """A group or a row; what was not asked for is null."""

    month: str | None = None
    day: str | None = None
    organization_id: str | None = None
    project_id: str | None = None
    modality: str | None = None
    provider: str | None = None
    model: str | None = None
    requests: BigInt | None = None
    input_tokens: BigInt | None = None
    output_tokens: BigInt | None = None
    total_tokens: BigInt | None = None
    cost_usd: str | None = None
    eval_cost_usd: str | None = None


@strawberry.type
class Result:
    """What a question returns."""

    nodes: list[Usage]


@strawberry.type
class Query:
    """One field for all questions."""

    @strawberry.field
    async def usage(self, info: Info[Any, None], question: str) -> Result:
        """Answer a question for the caller's tenant."""
        server: Server = info.context["server"]
        request = info.context["request"]
        scope = await authenticate(
            server.engine, server.catalogue.access_schema, request.headers.get("authorization")
        )
        asked = request_of(
            question, server.catalogue, scope, datetime.now(UTC).replace(tzinfo=None)
        )
        answer = await server.executor.run(asked)
        return Result(nodes=[Usage(**cast("dict[str, Any]", node)) for node in answer.nodes or []])


class Server(GraphQL[Any, None]):
    """The ASGI application."""

    def __init__(self) -> None:
        scalars: dict[object, ScalarDefinition] = {
            BigInt: strawberry.scalar(name="BigInt", serialize=int)
        }
        super().__init__(strawberry.Schema(Query, config=StrawberryConfig(scalar_map=scalars)))
        settings = Settings()
        self.catalogue = load_catalogue(settings.target_path)
        self.engine = create_engine(DatabaseSettings(), settings, self.catalogue.api_role)
        self.executor = Executor(self.engine, self.catalogue, settings.max_exact_percentile_values)

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, object]:
        """What resolvers share."""
        return {"request": request, "server": self}


if __name__ == "__main__":
    uvicorn.run(
        Server(), port=int(sys.argv[1]), log_level="warning", access_log=False, lifespan="off"
    )
