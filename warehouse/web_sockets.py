"""Uvicorn's WebSockets, ended in order although a client has begun to close its own."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState


class WebSockets(WebSocketsSansIOProtocol):
    """One connection."""

    def shutdown(self) -> None:
        """Close the connection; what fails here would keep the server from closing the others."""
        try:
            super().shutdown()
        except InvalidState:
            # The client closed first, and takes nothing of what was sent to it before.
            self.transport.close()
