"""A small HTTP/1.1 client that costs little beside the servers it measures.

Requests are bytes made beforehand; answers are parsed by the C parser of ``httptools``. What the
client itself costs is measured with every run and stands in the results.
"""

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httptools

_CHUNK = 1 << 20


def post(path: str, body: bytes, **headers: str) -> bytes:
    """The bytes of a request with a JSON body; ``_`` in the names of headers stands for ``-``."""
    return _request("POST", path, body, {"content_type": "application/json", **headers})


def get(path: str) -> bytes:
    """The bytes of a request without a body."""
    return _request("GET", path, b"", {})


def _request(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    given = {"host": "127.0.0.1", "content_length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


class Connection:
    """One connection that is kept open, and one request at a time on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.size = 0
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._is_complete = False

    def on_body(self, part: bytes) -> None:
        """A part of the body has come (called by the parser)."""
        self._body.append(part)

    def on_message_complete(self) -> None:
        """The answer has ended (called by the parser)."""
        self._is_complete = True

    def send(self, request: bytes) -> None:
        """Begin a request."""
        self._begin()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what has come; whether the answer is complete."""
        data = self.socket.recv(_CHUNK)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._parser.feed_data(data)
        if self._is_complete:
            self.size = sum(map(len, self._body))
        return self._is_complete

    def ask(self, request: bytes) -> bytes:
        """The body of the answer.

        Raises:
            RuntimeError: its status is not 200.
        """
        self.send(request)
        while not self.receive():
            pass
        body = b"".join(self._body)
        self.check()
        return body

    def check(self) -> None:
        """Refuse an answer that is none.

        Raises:
            RuntimeError: its status is not 200.
        """
        status = self._parser.get_status_code()
        if status != 200:
            raise RuntimeError(f"status {status}: {b''.join(self._body)[:500]!r}")

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()


@dataclass(frozen=True)
class Throughput:
    """What many connections at once got."""

    requests: int
    seconds: float
    client_cpu_seconds: float
    size: int

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds


def flood(
    ports: Sequence[int], requests: Sequence[bytes], connections: int, seconds: float
) -> Throughput:
    """Keep so many connections busy, spread evenly over the ports, each asking in turn."""
    selector = selectors.DefaultSelector()
    opened = [Connection(ports[number % len(ports)]) for number in range(connections)]
    for number, connection in enumerate(opened):
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(requests[number % len(requests)])
    asked, answered, size = connections, 0, 0
    began, cpu = time.perf_counter(), time.process_time()
    deadline = began + seconds
    while answered < asked:  # what was begun in time is waited for
        for key, _ in selector.select():
            connection = key.data
            if not connection.receive():
                continue
            connection.check()
            answered, size = answered + 1, size + connection.size
            if time.perf_counter() < deadline:
                connection.send(requests[asked % len(requests)])
                asked += 1
    took, used = time.perf_counter() - began, time.process_time() - cpu
    selector.close()
    for connection in opened:
        connection.close()
    return Throughput(answered, took, used, size)
