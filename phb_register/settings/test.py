"""The tests: as production where behaviour is concerned, quick and quiet elsewhere."""

from phb_register.settings.base import *  # noqa: F403 - a settings module starts from the shared one
from phb_register.settings.base import DATABASES, LOGGING
from phb_register.settings.environment import from_environment

SECRET_KEY = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105 - guards nothing
DEBUG = False
DEMONSTRATION = True
SECOND_FACTOR_REQUIRED = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

DATABASES["default"]["TEST"] = {
    "NAME": from_environment("TEST_DATABASE_NAME", default="test_phb_register", hint="A database name.")
}
# A test's commit need not reach the disk before the next statement.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"

# Tests sign in hundreds of times; what the real hasher is, a test of its own reads from the base settings.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Nothing is sent to a broker unless a test starts one; see tests/conftest.py.
CELERY_BROKER_URL = "memory://"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

LOGGING["root"]["level"] = "ERROR"
