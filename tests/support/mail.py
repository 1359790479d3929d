"""A mail server of the tests' own: it speaks as much SMTP as a sender needs, and keeps what it takes."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Session(socketserver.StreamRequestHandler):
    """One sender's talk with the server."""

    server: "MailServer"

    def handle(self) -> None:
        self._say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                self.server.taken.append(self._text())
                self._say("250 taken")
            elif verb == b"RCPT":
                self._say(self.server.answers_recipients)
            elif verb == b"QUIT":
                self._say("221 goodbye")
                return
            else:
                self._say("250 well")

    def _text(self) -> str:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        return b"".join(lines).decode()

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a port of this machine. `answers_recipients` is what it says to every address."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken: list[str] = []
        self.answers_recipients = "250 well"

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server that runs until the block is left."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
