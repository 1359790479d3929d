"""`make run`: set up what is missing, then the whole site in the foreground until Ctrl-C."""

import os
import socket

import setup
from steps import ROOT, VENV_PYTHON, Stop, main_of

DEFAULT_PORT = 8000


def main() -> None:
    host, port = address()
    ensure_free(host, port)
    setup.main()
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), str(ROOT / "scripts" / "serve.py"), host, str(port)])


def address() -> tuple[str, int]:
    """Where the site listens: HOST and PORT, else port 8000 of this machine alone. Raises Stop."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Stop(f"PORT is {text}: write a number from 1 to 65535, as in: make run PORT=8001")
    return os.environ.get("HOST") or "127.0.0.1", int(text)


def ensure_free(host: str, port: int) -> None:
    """Raises Stop where the port cannot be had."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        # As the web server does: a port whose last connections are just closing is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(1)
        except PermissionError as error:
            raise Stop(f"This user may not use port {port}. Choose one above 1023: make run PORT=8001") from error
        except OSError as error:
            raise Stop(
                f"Port {port} is taken by another program ({error.strerror.lower()}). "
                f"Stop it, or choose another port: make run PORT={port + 1 if port < 65535 else 8001}"
            ) from error


if __name__ == "__main__":
    main_of(main)
