"""A developer's or a visitor's own machine: embedded servers, the demonstration, plain http on the
loopback.
"""

from phb_register import embedded
from phb_register.settings.base import *  # noqa: F403 - a settings module starts from the shared one
from phb_register.settings.base import LOGGING, NO_EMAIL
from phb_register.settings.environment import from_environment

SECRET_KEY = from_environment("SECRET_KEY", default="", hint="") or embedded.secret_key()
# Off, so that error pages and speed are those of production. DEBUG=true shows tracebacks and reloads static
# files.
DEBUG = from_environment("DEBUG", cast=bool, default=False, hint="Write true or false.")
DEMONSTRATION = from_environment("DEMONSTRATION", cast=bool, default=True, hint="Write true or false.")
SECOND_FACTOR_REQUIRED = not DEMONSTRATION
if DEMONSTRATION:
    # The outbox shows what would be sent.
    EMAIL_BACKEND = NO_EMAIL
ALLOWED_HOSTS = from_environment(
    "ALLOWED_HOSTS",
    cast=list,
    default=["localhost", "127.0.0.1", "[::1]"],
    hint="Write the host names of the site, separated by commas.",
)

# Static files straight from their sources, under their own names: nothing to collect after a change.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING["handlers"]["stderr"]["formatter"] = "plain"
# What goes well is quiet; LOG_LEVEL=INFO shows each request.
LOGGING["root"]["level"] = from_environment("LOG_LEVEL", default="WARNING", hint="Write INFO or WARNING.")
