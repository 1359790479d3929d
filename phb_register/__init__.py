"""The site, and what every room of it stands on."""

from phb_register.celery import app as celery_app

__all__ = ["celery_app"]
