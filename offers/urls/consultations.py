"""Consultations: what everybody reads and writes, what invited users write, and the team's side."""

from django.urls import path

from offers.rules.editions import Verb
from offers.views import consultations, public_consultations

from .base import OFFER, WRITE

_ONE = f"{OFFER}consultations/<int:number>/"
_DESK = f"{WRITE}consultations/<int:number>/"
_COMMENT = f"{WRITE}comments/<uuid:reference>/"

urlpatterns = [
    path(f"{OFFER}consultations/", public_consultations.consultations, name="consultations"),
    path(_ONE, public_consultations.consultation, name="consultation"),
    path(f"{_ONE}comment/", public_consultations.comment_publicly, name="comment-publicly"),
    path(f"{_ONE}thanks/", public_consultations.comment_thanks, name="comment-thanks"),
    path(f"{_ONE}invited/", public_consultations.invited_comment, name="invited-comment"),
    path(
        f"{WRITE}editions/<int:number>/{Verb.OPEN_CONSULTATION}/",
        consultations.open_consultation,
        name=f"edition-{Verb.OPEN_CONSULTATION}",
    ),
    path(_DESK, consultations.run_consultation, name="run-consultation"),
    path(f"{_DESK}lengthen/", consultations.lengthen, name="lengthen-consultation"),
    path(f"{_DESK}invite/", consultations.invite, name="invite-to-consultation"),
    path(_COMMENT, consultations.comment, name="comment"),
    path(f"{_COMMENT}<slug:verb>/", consultations.comment_step, name="comment-step"),
]
