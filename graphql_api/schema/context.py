"""What every resolver of one operation shares."""

import asyncio
import copy
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from strawberry.fastapi import BaseContext

from graphql_api.catalogue.model import Catalogue
from graphql_api.live.updates import UsageUpdates
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
        updates: UsageUpdates | None = None,
    ) -> None:
        """``updates`` is there where the schema has subscriptions."""
        super().__init__()
        self.catalogue = catalogue
        self.settings = settings
        self.executor = executor
        self.authenticate = authenticate
        self.updates = updates
        # What the caller sent to say who it is; `authenticate` reads it.
        self.authorization: str | None = None
        self._begin()

    def _begin(self) -> None:
        # One "now" for the whole operation, so that its fields agree with each other.
        self.now = datetime.now(UTC).replace(tzinfo=None)
        self._scope: asyncio.Future[Scope] | None = None

    def of_new_operation(self) -> "Context":
        """The same caller, at another time: a WebSocket's operations share nothing else."""
        other = copy.copy(self)
        other._begin()
        return other

    async def scope(self) -> Scope:
        """Whose rows this caller may see: found out when the first field needs it, and kept."""
        if self._scope is None:
            self._scope = asyncio.ensure_future(self.authenticate())
        return await self._scope
