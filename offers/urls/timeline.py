"""Where the timeline is edited."""

from django.urls import path

from offers.views import timeline

from .base import WRITE

urlpatterns = [path(f"{WRITE}timeline/", timeline.timeline, name="timeline")]
