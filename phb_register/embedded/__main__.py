"""The guard of one embedded server: `python -I …/embedded/__main__.py postgres FOLDER`. Started by the
server's users.
"""

import importlib
import sys
from pathlib import Path

# By itself, without the package around it. Last, so that no name there hides one of the standard library.
sys.path.append(str(Path(__file__).resolve().parents[1]))

if __name__ == "__main__":
    kind, folder = sys.argv[1:]
    servers = {
        "postgres": importlib.import_module("embedded.postgres").PostgresServer,
        "valkey": importlib.import_module("embedded.valkey").ValkeyServer,
    }
    servers[kind](Path(folder)).guard()
