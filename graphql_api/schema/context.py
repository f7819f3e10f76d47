"""What every resolver of one HTTP request shares."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from strawberry.fastapi import BaseContext

from graphql_api.catalogue.model import Catalogue
from graphql_api.query.executor import Executor
from graphql_api.query.request import Scope
from graphql_api.settings import Settings


class Context(BaseContext):
    """One caller, one clock, one executor."""

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        executor: Executor,
        authenticate: Callable[[], Awaitable[Scope]],
    ) -> None:
        """``authenticate`` is called at most once, when the first field needs the caller."""
        super().__init__()
        self.catalogue = catalogue
        self.settings = settings
        self.executor = executor
        # One "now" for the whole operation, so that its fields agree with each other.
        self.now = datetime.now(UTC).replace(tzinfo=None)
        self._authenticate = authenticate
        self._scope: asyncio.Future[Scope] | None = None

    async def scope(self) -> Scope:
        """Whose rows this caller may see."""
        if self._scope is None:
            self._scope = asyncio.ensure_future(self._authenticate())
        return await self._scope
