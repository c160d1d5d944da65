"""A web server on this machine that sends one file, as well or as badly as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Site:
    """What the server sends, and what it was asked.

    `cut` ends each answer after so many bytes; `gate` holds each answer after its first half until
    it is set.
    """

    data: bytes
    ranges: bool = True
    status: int = 200
    cut: int | None = None
    gate: threading.Event | None = None
    asked: list[str | None] = field(default_factory=list)
    address: str = ""


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve until left; no thread stays."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, site)

        def log_message(self, *_args) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_address[1]}/w.pt"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        if site.gate is not None:
            site.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(handler: BaseHTTPRequestHandler, site: Site) -> None:
    wanted = handler.headers["Range"]
    site.asked.append(wanted)
    start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and site.ranges else 0
    if site.status != 200 or start >= len(site.data):
        handler.send_error(site.status if site.status != 200 else 416)
        return
    body = site.data[start:]
    handler.send_response(206 if start else 200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    sent = body if site.cut is None else body[: site.cut]
    half = len(sent) // 2
    try:
        handler.wfile.write(sent[:half])
        handler.wfile.flush()
        if site.gate is not None:
            site.gate.wait(20)
        handler.wfile.write(sent[half:])
    except (BrokenPipeError, ConnectionResetError):
        handler.close_connection = True  # the client has gone, which is what the test wanted
