"""The Celery application of the web server, the worker and the scheduler."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phb_register.settings.production")

app = Celery("phb_register")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
