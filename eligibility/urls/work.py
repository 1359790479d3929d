"""Addresses of the worklists, and of what is done about a referral until it is decided."""

from django.urls import path

from eligibility.selectors.worklists import WorklistCode
from eligibility.views import decisions, work, worklists

urlpatterns = [
    *(
        path(f"referrals/worklists/{code}/", worklists.worklist, {"code": code}, name=f"worklist-{code}")
        for code in WorklistCode
    ),
    path("referrals/allocate/", worklists.allocate_many, name="allocate-many"),
    path("referrals/<uuid:reference>/allocate/", work.allocate, name="allocate"),
    path("referrals/<uuid:reference>/acknowledge/", work.acknowledge, name="acknowledge"),
    path("referrals/<uuid:reference>/pause/", work.pause, name="pause"),
    path("referrals/<uuid:reference>/resume/", work.resume, name="resume"),
    path("referrals/<uuid:reference>/ask-again/", work.ask_again, name="ask-again"),
    path("referrals/<uuid:reference>/reopen/", decisions.reopen, name="reopen"),
]
