"""Settings: read with a hint, strict in production, and what a place may not loosen."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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


WRONG = [
    ({"DATABASE_URL": "sqlite:///register.db"}, "must name a PostgreSQL database"),
    ({"REDIS_URL": "localhost"}, "REDIS_URL cannot be read"),
    ({"SECRET_KEY": ""}, "SECRET_KEY is empty"),
    ({"TRUSTED_PROXY_COUNT": "two"}, "TRUSTED_PROXY_COUNT is not a valid int"),
]
# One process for all environments, and the settings read anew in each: a process for each would mostly wait for Django.
LOAD = """
import json, os, sys
for environment in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(environment)
    for name in [name for name in sys.modules if name.startswith("phb_register")]:
        del sys.modules[name]
    try:
        import phb_register.settings.production as settings
        print(json.dumps([settings.DEBUG, settings.DEMONSTRATION, settings.EMAIL_BACKEND.split(".")[-2]]))
    except Exception as error:
        print(json.dumps(f"{type(error).__name__}: {error}"))
"""


@pytest.fixture(scope="module")
def loaded() -> dict[str, Any]:
    """What production's settings say, or why they do not load: as they should be, without a value, with a wrong one."""
    environments = {
        "as it should be": PRODUCTION,
        "a demonstration": PRODUCTION | {"DEMONSTRATION": "true"},
        **{name: {key: value for key, value in PRODUCTION.items() if key != name} for name in PRODUCTION},
        **{said: PRODUCTION | changed for changed, said in WRONG},
    }
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        input=json.dumps(list(environments.values())),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(environments, map(json.loads, done.stdout.splitlines()), strict=True))


def test_production_starts_from_the_environment_alone(loaded):
    assert loaded["as it should be"] == [False, False, "smtp"]


def test_demonstration_sends_no_email(loaded):
    assert loaded["a demonstration"] == [False, True, "dummy"]


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_production_without_a_value_says_which_and_what_to_do(loaded, name):
    assert loaded[name].startswith("ImproperlyConfigured: ")
    assert f"Set the environment variable {name}." in loaded[name]


@pytest.mark.parametrize("said", [said for _, said in WRONG])
def test_production_with_a_wrong_value_says_what_is_wrong(loaded, said):
    assert loaded[said].startswith("ImproperlyConfigured: ")
    assert said in loaded[said]


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
