"""Addresses of recoveries and offsets."""

from django.urls import path

from budgets.views import offsets, recoveries

_BUDGET = "personal-health-budgets/<uuid:reference>/"
_RECOVERY = "recoveries/<uuid:reference>/"

urlpatterns = [
    path("recoveries/", recoveries.recoveries, name="recoveries"),
    path(f"{_BUDGET}recoveries/new/", recoveries.new_recovery, name="new-recovery"),
    path(_RECOVERY, recoveries.recovery, name="recovery"),
    path(f"{_RECOVERY}approve/", recoveries.approve, name="recovery-approve"),
    path(f"{_RECOVERY}withdraw/", recoveries.withdraw, name="recovery-withdraw"),
    path(f"{_RECOVERY}notice/", recoveries.give_notice, name="recovery-give-notice"),
    path(f"{_RECOVERY}repayments/new/", recoveries.repay, name="recovery-repay"),
    path(f"{_RECOVERY}repayments/reverse/", recoveries.reverse_repayment, name="recovery-reverse"),
    path(f"{_RECOVERY}write-off/", recoveries.propose_write_off, name="recovery-propose-write-off"),
    path(f"{_RECOVERY}write-off/decide/", recoveries.decide_write_off, name="recovery-write-off"),
    path(f"{_RECOVERY}reconsideration/", recoveries.ask_again, name="recovery-ask-again"),
    path(f"{_RECOVERY}reconsideration/decide/", recoveries.decide_again, name="recovery-decide-again"),
    path("repayment-notices/<uuid:reference>/notice.pdf", recoveries.notice_pdf, name="repayment-notice-pdf"),
    path("repayment-notices/<uuid:reference>/make-pdf/", recoveries.make_notice_pdf, name="repayment-notice-make-pdf"),
    path(f"{_BUDGET}offsets/new/", offsets.new_offset, name="new-offset"),
    path("offsets/<uuid:reference>/", offsets.offset, name="offset"),
    path("offsets/<uuid:reference>/approve/", offsets.approve, name="offset-approve"),
    path("offsets/<uuid:reference>/withdraw/", offsets.withdraw, name="offset-withdraw"),
]
