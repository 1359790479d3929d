"""Where the timeline is edited."""

from django.urls import path

from offers.views import timeline

from .base import WRITE

urlpatterns = [
    path(f"{WRITE}timeline/add/", timeline.add_phase, name="add-phase"),
    path(f"{WRITE}timeline/<int:pk>/", timeline.phase, name="phase"),
    path(f"{WRITE}timeline/<int:pk>/remove/", timeline.remove_phase, name="remove-phase"),
]
