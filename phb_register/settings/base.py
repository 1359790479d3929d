"""What every place shares, with the secure value wherever there is a choice."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from phb_register import embedded
from phb_register.logs import without_values
from phb_register.settings.environment import ROOT, database_from, from_environment

BASE_DIR = ROOT

# ── What the site is made of ────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    # Each room stands before the rooms it reads, so that its templates and static files win over theirs.
    "reporting.apps.ReportingConfig",
    "budgets.apps.BudgetsConfig",
    "eligibility.apps.EligibilityConfig",
    "offers.apps.OffersConfig",
    "phb_register.apps.PhbRegisterConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "csp",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    # Before staticfiles: `runserver` then leaves static files to WhiteNoise, as production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "phb_register.outages.OutageMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "phb_register.logs.RequestLogMiddleware",
    "phb_register.access.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "phb_register.access.AccessMiddleware",
    "phb_register.unprocessable.UnprocessableFormMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "phb_register.access.RequireSecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last, so that the user is known: every change made during a request is recorded with who made it.
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "phb_register.urls"
WSGI_APPLICATION = "phb_register.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "phb_register.context_processors.furniture",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = ["nhsuk"]
CRISPY_TEMPLATE_PACK = "nhsuk"
CRISPY_FAIL_SILENTLY = False

# Off unless a place switches it on: invented people, and sign-in without a second factor.
DEMONSTRATION = from_environment(
    "DEMONSTRATION",
    cast=bool,
    default=False,
    hint="Write DEMONSTRATION=true for a site with invented people, or leave it out.",
)
SECOND_FACTOR_REQUIRED = not DEMONSTRATION

# ── Database ────────────────────────────────────────────────────────────────────────────────────────────────

_database_url = from_environment("DATABASE_URL", default="", hint="Leave it out for the embedded server.")
DATABASES: dict[str, dict[str, Any]] = {
    "default": database_from(_database_url or embedded.database_url()) | {"CONN_HEALTH_CHECKS": True}
}
# Every trigger asks whether it is to be ignored. Without a value, it finds out by an error that it catches, which in a
# long transaction takes thirty times as long as all the rest of it.
NO_TRIGGER_IGNORED = "-c pgtrigger.ignore={}"
# Solid-state disks: a row by its index is cheap, so a page of one commissioner does not read the tables of all England.
# Memory for the sums of England; and no compiling of statements that are over before they are compiled (ADR 0042).
PLANNER = "-c random_page_cost=1.1 -c work_mem=32MB -c jit=off"
_options = DATABASES["default"].setdefault("OPTIONS", {})
# A database that hangs is one that does not answer: readers are to have the static copy soon.
_options.setdefault("connect_timeout", 5)
_options["options"] = " ".join(filter(None, [PLANNER, _options.get("options"), NO_TRIGGER_IGNORED]))

# A history table refuses UPDATE and DELETE by itself.
PGHISTORY_APPEND_ONLY = True
# Reads change no rows. Asking who reads would make every public page depend on a cookie, and no cache could keep it.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# ── Broker, background jobs and cache ───────────────────────────────────────────────────────────────────────

REDIS_URL = from_environment(
    "REDIS_URL", default="", hint="Write redis://host:6379/0, or leave it out for the embedded server."
)
if REDIS_URL and not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured("REDIS_URL cannot be read: write it as redis://host:6379/0")

# Celery's own word for a Unix socket is another than the client library's.
CELERY_BROKER_URL = (REDIS_URL or embedded.broker_url()).replace("unix://", "redis+socket://", 1)
CELERY_TASK_ACKS_LATE = True  # a task counts as done when it is done, so that a killed worker's task runs again
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True  # the job's row in PostgreSQL says how it went
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Europe/London"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
# A web request must not wait for a broker that is down: the row stays queued and the schedule below sends it
# again.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the longest job, or a job still running would be handed out a second time.
    "visibility_timeout": int(timedelta(minutes=30).total_seconds()),
    # How often the worker looks for unacknowledged messages past that time: every 5 seconds, each time.
    # With the library's own values it takes minutes more before a lost message comes back.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
}
CELERY_BEAT_SCHEDULE = {
    "resend-lost-jobs": {
        "task": "phb_register.tasks.resend_lost_jobs",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 55},
    },
    "send-waiting-emails": {
        "task": "phb_register.tasks.send_waiting_emails",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 590},
    },
    "forget-old-workbooks": {
        "task": "phb_register.forget_old_workbooks",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3500},
    },
    "make-due-board-packs": {
        "task": "reporting.make_due_board_packs",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 590},
    },
    "make-due-reports": {
        "task": "reporting.make_due_reports",
        "schedule": timedelta(hours=3),
        "options": {"expires": int(timedelta(hours=2).total_seconds())},
    },
    # Once a day would do; every few hours, a beat that slept is none the later.
    "schedule-returns": {
        "task": "budgets.monitoring_tasks.schedule_returns",
        "schedule": timedelta(hours=6),
        "options": {"expires": int(timedelta(hours=5).total_seconds())},
    },
    # What a page says changes with the day.
    "copy-public-site": {
        "task": "phb_register.tasks.copy_public_site",
        "schedule": crontab(hour=0, minute=5),
        "options": {"expires": 3600},
    },
    "fix-month-end": {"task": "reporting.fix_month_end", "schedule": crontab(hour=2, minute=10)},
    # In the night: which settings hold for a body can change without anybody writing a budget.
    "reconcile-review-dates": {
        "task": "budgets.reconcile_review_dates",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600},
    },
}
# The scheduler's own note of when it last ran.
CELERY_BEAT_SCHEDULE_FILENAME = str(embedded.data_folder() / "celery-beat")

CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        # With the embedded servers there is one web process, and a command may run with no Valkey about.
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# ── People who sign in ──────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "phb_register.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    # Guesses as an attacker does, so that a long but common phrase is refused too.
    {"NAME": "django_zxcvbn_password_validator.ZxcvbnPasswordValidator"},
]

# Accounts are made by an administrator of the commissioner: nobody signs up, so no address needs to be
# verified.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Personal health budget register: "
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False  # the session cookie ends with the browser
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {
    # Five wrong passwords for one address lock it for five minutes, whoever tries.
    "login_failed": "30/m/ip,5/5m/key",
    "login": "120/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    # Comments and feedback of the public: a whole surgery may send them from one address.
    "public_form": "10/m/ip,60/h/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Personal health budget register"
# Words of our own for what the library says, and no way to sign up.
ACCOUNT_ADAPTER = "phb_register.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "phb_register.forms.accounts.SignInForm",
    "change_password": "phb_register.forms.accounts.ChangePasswordForm",
    "reset_password": "phb_register.forms.accounts.ResetPasswordForm",
    "reset_password_from_key": "phb_register.forms.accounts.ResetPasswordKeyForm",
    "reauthenticate": "phb_register.forms.accounts.ReauthenticateForm",
}
MFA_ADAPTER = "phb_register.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "phb_register.forms.accounts.ActivateAppForm",
    "deactivate_totp": "phb_register.forms.accounts.DeactivateAppForm",
    "authenticate": "phb_register.forms.accounts.SecondStepForm",
    "reauthenticate": "phb_register.forms.accounts.SecondStepAgainForm",
}

PASSWORD_MINIMAL_STRENGTH = 3  # of 0 to 4: safe against guessing at ten thousand tries a second

SESSION_COOKIE_AGE = int(timedelta(minutes=15).total_seconds())
SESSION_SAVE_EVERY_REQUEST = True  # fifteen minutes without a request, not since signing in
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# ── What the browser may do ─────────────────────────────────────────────────────────────────────────────────

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# ── Words, dates, files ─────────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = ROOT / "staticfiles"
# Built by `npm run build` from static/src.
STATICFILES_DIRS = [ROOT / "static" / "build"]

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# A demonstration writes to nobody, whatever else it is told.
NO_EMAIL = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds: a mail server that hangs holds one worker no longer
DEFAULT_FROM_EMAIL = "personal-health-budgets@example.nhs.uk"
# Where e-mails lead to: the site's own address, which a worker has no request to take from.
SITE_URL = from_environment(
    "SITE_URL", default="http://localhost:8000", hint="Write it as https://host, without a path."
)

# The copy of the public site that is read while the database does not answer. Workers write it, web servers read it:
# where they are not on one machine, a folder that they share.
PUBLIC_COPY_FOLDER = Path(
    from_environment("PUBLIC_COPY_DIR", default="", hint="Write the path of a folder.")
    or embedded.data_folder() / "public-copy"
)

# ── Log ─────────────────────────────────────────────────────────────────────────────────────────────────────
# Events name records by their number or reference. No name, NHS number, form content or query string is
# logged.

DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"

LOG_LEVEL = from_environment("LOG_LEVEL", default="INFO", hint="Write DEBUG, INFO, WARNING or ERROR.")
_log_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_values,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": _log_processors,
        },
        "plain": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_values,
                structlog.dev.ConsoleRenderer(colors=False),
            ],
            "foreign_pre_chain": _log_processors,
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # WeasyPrint and fontTools tell of every glyph and every style they leave out.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_log_processors,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
