"""Settings: read with a hint, strict in production, and what a place may not loosen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from phb_register.settings import base
from phb_register.settings.environment import database_from, email_from, from_environment

ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "SECRET_KEY": "not-a-real-key-but-as-long-as-one-0123456789-ABCDEFGHIJ",
    "ALLOWED_HOSTS": "phb.example.org",
    "DATABASE_URL": "postgresql://register@localhost/register",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp+tls://localhost:587",
    "DEFAULT_FROM_EMAIL": "register@example.org",
}


def load_production(without: str = "", **changed: str) -> "subprocess.CompletedProcess[str]":
    """Import production's settings in a process of their own."""
    environment = {"PATH": os.environ["PATH"], **PRODUCTION, **changed}
    environment.pop(without, None)
    return subprocess.run(
        [sys.executable, "-c", "import phb_register.settings.production as s; print(s.DEBUG, s.DEMONSTRATION)"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_from_the_environment_alone():
    assert load_production().stdout.split() == ["False", "False"]


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_production_without_a_value_says_which_and_what_to_do(name):
    done = load_production(without=name)

    assert done.returncode != 0
    assert f"Set the environment variable {name}." in done.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"DATABASE_URL": "sqlite:///register.db"}, "must name a PostgreSQL database"),
        ({"REDIS_URL": "localhost"}, "REDIS_URL cannot be read"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is empty"),
        ({"TRUSTED_PROXY_COUNT": "two"}, "TRUSTED_PROXY_COUNT is not a valid int"),
    ],
)
def test_production_with_a_wrong_value_says_what_is_wrong(changed, said):
    done = load_production(**changed)

    assert done.returncode != 0
    assert said in done.stderr


def test_missing_value_is_named_with_its_hint(monkeypatch):
    monkeypatch.delenv("PHB_EXAMPLE", raising=False)

    with pytest.raises(ImproperlyConfigured, match=r"PHB_EXAMPLE\. Write a colour\."):
        from_environment("PHB_EXAMPLE", hint="Write a colour.")


def test_value_is_read_as_its_type(monkeypatch):
    monkeypatch.setenv("PHB_EXAMPLE", "a.example.org,b.example.org")

    assert from_environment("PHB_EXAMPLE", cast=list, hint="") == ["a.example.org", "b.example.org"]


def test_database_address_that_cannot_be_read_is_refused():
    with pytest.raises(ImproperlyConfigured, match="postgresql://user:password@host"):
        database_from("nonsense")


def test_email_address_that_cannot_be_read_is_refused():
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL cannot be read"):
        email_from("pigeon://loft")


def test_passwords_are_hashed_with_argon2_and_are_long():
    assert base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    lengths = [v["OPTIONS"]["min_length"] for v in base.AUTH_PASSWORD_VALIDATORS if "MinimumLength" in v["NAME"]]
    assert lengths == [14]


def test_session_ends_after_fifteen_idle_minutes():
    assert base.SESSION_COOKIE_AGE == 15 * 60
    assert base.SESSION_SAVE_EVERY_REQUEST


def test_policy_allows_nothing_but_this_site():
    directives = base.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert directives["default-src"] == ["'none'"]
    assert {source for sources in directives.values() for source in sources} == {"'none'", "'self'"}
