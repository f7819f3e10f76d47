"""`usage-warehouse serve`: the GraphQL server in the foreground, ended by Ctrl-C or SIGTERM."""

import errno
import signal
import socket
from types import FrameType

import click

from graphql_api.settings import DatabaseSettings, Settings
from warehouse.build_record import MANIFESTS
from warehouse.commands import steps
from warehouse.errors import WarehouseError
from warehouse.project import project_names

SHUTDOWN_SECONDS = 10  # how long open requests and subscriptions may take to finish
PING_SECONDS = 20  # between pings of an idle WebSocket, and how long its answer may take
STALLED_SECONDS = 60  # after which a client that takes nothing of what was sent is cut off
MAX_MESSAGE_BYTES = 1_000_000  # of a client's message on a WebSocket


@click.command()
def serve() -> None:
    """Serve GraphQL over the published marts until Ctrl-C."""
    settings = steps.server_settings()
    with listening_socket(settings) as listener:
        serve_on(listener, settings, steps.ensure_server())


def listening_socket(settings: Settings) -> socket.socket:
    """Take the port, before anything slow is done that would be in vain without it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Accepted connections inherit it. Nothing else ends one whose client stays but never reads.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_SECONDS * 1_000)
    try:
        listener.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise _cannot_listen(settings, error) from None
    return listener


def serve_on(listener: socket.socket, settings: Settings, database: DatabaseSettings) -> None:
    """Serve until told to stop; requests under way are finished first."""
    import uvicorn

    from graphql_api.errors import ApiError
    from warehouse.web_sockets import WebSockets

    _refuse_without_manifests(settings)
    try:
        from graphql_api.app import create_app

        serving_schema = project_names().serving_schema
        app = create_app(settings.model_copy(update={"serving_schema": serving_schema}), database)
    except ApiError as error:
        raise WarehouseError(error.code, str(error)) from error
    try:
        listener.listen()
    except OSError as error:
        raise _cannot_listen(settings, error) from None
    config = uvicorn.Config(
        app,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        ws=WebSockets,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_max_size=MAX_MESSAGE_BYTES,
        log_level="info",
        # A line for each request would say `POST /graphql` and cost 15 % of the server's time.
        access_log=False,
    )
    # uvicorn takes these signals while it serves and raises them again when it has finished:
    # a wanted stop, which must not look like a crash to `make` or to a service manager.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _ignore)
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        raise WarehouseError("START_FAILED", "the server did not start: the reason stands above")


def _refuse_without_manifests(settings: Settings) -> None:
    for name in MANIFESTS:
        if not (settings.target_path / name).exists():
            raise WarehouseError(
                "MANIFEST_MISSING",
                f"{settings.target_path / name} is missing, from which the API is made: run "
                "`make build` (or `dbt build`) first",
            )


def _cannot_listen(settings: Settings, error: Exception) -> WarehouseError:
    place = f"port {settings.port} of {settings.host}"
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return WarehouseError(
            "PORT_BUSY",
            f"{place} is taken by another program: stop that, or choose another port with "
            f"USAGE_WAREHOUSE_PORT={settings.port + 1}",
        )
    reason = error.strerror if isinstance(error, OSError) else "a port is at most 65535"
    return WarehouseError(
        "CANNOT_LISTEN",
        f"the server cannot listen on {place} ({reason}): set USAGE_WAREHOUSE_HOST and "
        "USAGE_WAREHOUSE_PORT to an address of this machine and a free port",
    )


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Take a signal that was already acted upon."""
