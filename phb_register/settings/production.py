"""A real site, behind a proxy that ends TLS. Everything it needs comes from the environment."""

from phb_register.settings.base import *  # noqa: F403 - a settings module starts from the shared one
from phb_register.settings.base import DEMONSTRATION, NO_EMAIL
from phb_register.settings.environment import email_from, from_environment

DEBUG = False
SECRET_KEY = from_environment("SECRET_KEY", hint="Use at least 50 random characters, and keep them secret.")
ALLOWED_HOSTS = from_environment(
    "ALLOWED_HOSTS", cast=list, hint="Write the host names of the site, separated by commas."
)
SITE_URL = from_environment("SITE_URL", default=f"https://{ALLOWED_HOSTS[0]}", hint="Write it as https://host.")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
# Asked for again, because the shared settings fall back on the embedded servers, which are no place for real
# people.
from_environment("DATABASE_URL", hint="Write it as postgresql://user:password@host:5432/name.")
from_environment("REDIS_URL", hint="Write it as redis://host:6379/0.")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# A load balancer asks these over plain http from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
ALLAUTH_TRUSTED_PROXY_COUNT = from_environment(
    "TRUSTED_PROXY_COUNT", cast=int, default=1, hint="Write how many proxies stand before the site."
)

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "phb_register.static_storage.StaticFilesStorage"},
}

_email_url = from_environment(
    "EMAIL_URL", hint="Write it as smtp+tls://user:password@host:587, or consolemail:// to send none."
)
globals().update(email_from(_email_url))
if DEMONSTRATION:
    EMAIL_BACKEND = NO_EMAIL
DEFAULT_FROM_EMAIL = SERVER_EMAIL = from_environment("DEFAULT_FROM_EMAIL", hint="The sender's address.")
