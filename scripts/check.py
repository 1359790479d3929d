"""Everything that must hold besides the tests: each check with its time, all of them even if one fails."""

import os
import subprocess
import time

from steps import ROOT, VENV, main_of, say

BIN = VENV / "bin"
PYTHON = str(BIN / "python")
# A made-up place, good enough to see whether production's settings are safe.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "phb_register.settings.production",
    "SECRET_KEY": "not-a-real-key-but-as-long-as-one-0123456789-ABCDEFGHIJ",
    "ALLOWED_HOSTS": "phb.example.org",
    "DATABASE_URL": "postgresql://register@localhost/register",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp+tls://localhost:587",
    "DEFAULT_FROM_EMAIL": "register@example.org",
}
CHECKS: tuple[tuple[str, list[str], dict[str, str]], ...] = (
    ("Format", [str(BIN / "ruff"), "format", "--check", "."], {}),
    ("Lint", [str(BIN / "ruff"), "check", "."], {}),
    ("Format of templates", [str(BIN / "djlint"), "templates", "--check"], {}),
    ("Lint of templates", [str(BIN / "djlint"), "templates", "--lint"], {}),
    ("Types", [str(BIN / "mypy")], {}),
    ("Import rules", [str(BIN / "lint-imports"), "--no-logo"], {}),
    ("Missing migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("Production settings", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "INFO"], PRODUCTION),
)


def main() -> int:
    failed = []
    for name, command, env in CHECKS:
        started_at = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - started_at
        say(f"{'✓' if done.returncode == 0 else '✗'} {name} ({seconds:.0f} s)")
        if done.returncode != 0:
            say(done.stdout)
            failed.append(name)
    if failed:
        say(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    main_of(main)
