"""What a load balancer asks: is the process alive, and can it serve."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from phb_register.access import public

BROKER_SECONDS = 1.0


@public
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else, so that a database that is down does not restart every web
    server.
    """
    return JsonResponse({"status": "ok"})


@public
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether the site can serve: 503 without its database.

    A broker that is down is said, but is no reason to take no requests: jobs wait in the database until it is
    back.
    """
    parts = {"database": _database(), "broker": _broker()}
    is_ready = parts["database"] == "ok"
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", **parts},
        status=200 if is_ready else 503,
        headers={"Cache-Control": "no-store"},
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _broker() -> str:
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=BROKER_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except (OperationalError, OSError):
        return "down"
    return "ok"
