"""`make reset`: throw the embedded database away and load the demonstration again."""

import os

import setup
from steps import VENV_PYTHON, Stop, embedded_servers, main_of, run_step, say


def main() -> None:
    if os.environ.get("DATABASE_URL"):
        raise Stop("DATABASE_URL names a server of your own: empty that database yourself, then `make run`.")
    servers = embedded_servers()
    try:
        servers.remove_data()
    except servers.EmbeddedServerError as error:
        raise Stop("The site or one of its commands is still running: stop it first.") from error
    setup.main()
    run_step("Loading the demonstration", [VENV_PYTHON, setup.ROOT / "manage.py", "load_demo"])
    (setup.database_folder() / "demonstration-loaded").touch()
    say("The demonstration stands afresh. `make run` shows it.")


if __name__ == "__main__":
    main_of(main)
