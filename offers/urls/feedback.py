"""Feedback of readers, how to ask for a budget, and the last review of an offer."""

from django.urls import path

from offers.views import feedback

from .base import OFFER, WRITE

urlpatterns = [
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/thanks/", feedback.thanks, name="feedback-thanks"),
    path("feedback/received/", feedback.received, name="feedback-received"),
    path("feedback/received/<uuid:reference>/", feedback.one, name="one-feedback"),
    path(f"{OFFER}how-to-ask/", feedback.how_to_ask, name="how-to-ask"),
    path(f"{WRITE}reviewed/", feedback.review, name="review-offer"),
]
