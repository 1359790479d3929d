"""Reads the environment for the settings, and says what to do where a value is missing or wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]

_environment = environ.Env()
_UNSET: Any = object()


def from_environment(name: str, *, hint: str, cast: Callable[..., Any] = str, default: Any = _UNSET) -> Any:
    """The environment variable as `cast` (str, bool, int or list).

    Without a default the variable is required. Raises ImproperlyConfigured, whose text ends with the hint,
    where it is missing, empty though required, or not of its type.
    """
    is_required = default is _UNSET
    try:
        value = (
            _environment.get_value(name, cast=cast)
            if is_required
            else _environment.get_value(name, cast=cast, default=default)
        )
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(f"Set the environment variable {name}. {hint}") from error
    except ValueError as error:
        raise ImproperlyConfigured(f"The environment variable {name} is not a valid {cast.__name__}. {hint}") from error
    if is_required and value in ("", []):
        raise ImproperlyConfigured(f"The environment variable {name} is empty. {hint}")
    return value


def database_from(url: str) -> dict[str, Any]:
    """Django's settings of the PostgreSQL database at this address. Raises ImproperlyConfigured for another
    kind.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(f"DATABASE_URL must name a PostgreSQL database: {_EXAMPLE}")
    return dict(_environment.db_url_config(url))


def email_from(url: str) -> dict[str, Any]:
    """Django's e-mail settings for this address. Raises ImproperlyConfigured."""
    try:
        return dict(_environment.email_url_config(url))
    except (ImproperlyConfigured, ValueError, KeyError) as error:
        raise ImproperlyConfigured("EMAIL_URL cannot be read: write it as smtp+tls://user:password@host:587") from error


_EXAMPLE = "write it as postgresql://user:password@host:5432/name"
