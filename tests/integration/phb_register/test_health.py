"""What a load balancer asks, with the database and the broker there and gone."""

import pytest
from django.db import DatabaseError, connection

from phb_register import health
from phb_register.embedded.valkey import ValkeyServer
from tests.support.folders import server_folder


def test_healthz_answers_without_the_database(client, django_assert_num_queries):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_names_each_part(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "broker": "ok"}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_refuses_without_the_database(client, monkeypatch):
    def down(*arguments: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", down)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "down"


@pytest.mark.django_db
def test_readyz_takes_requests_while_the_broker_is_down(client, settings):
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/valkey.sock"

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "broker": "down"}


def test_broker_that_answers_is_ok(settings):
    with server_folder() as folder:
        server = ValkeyServer(folder / "valkey")
        server.hold()
        try:
            settings.CELERY_BROKER_URL = server.url().replace("unix://", "redis+socket://")
            assert health._broker() == "ok"
        finally:
            server.let_go()
