"""Support plans: from the accepted referral, in versions."""

from django.urls import path

from budgets.views import delegated_tasks, plan_editor, plan_purchases, plan_signing, support_plans

_PLANS = "referrals/<uuid:reference>/support-plans/"
_PLAN = f"{_PLANS}<int:number>/"
_WRITE = f"{_PLAN}write/"

urlpatterns = [
    path(_PLANS, support_plans.support_plans, name="support-plans"),
    path(f"{_PLANS}start/", support_plans.start, name="support-plans-start"),
    path(_PLAN, support_plans.support_plan, name="support-plan"),
    path(f"{_PLAN}compare/<int:other>/", support_plans.compare, name="support-plan-compare"),
    path(f"{_PLAN}pdf/", support_plans.pdf, name="support-plan-pdf"),
    path(f"{_PLAN}propose/", support_plans.propose, name="support-plan-propose"),
    path(f"{_PLAN}withdraw/", support_plans.withdraw, name="support-plan-withdraw"),
    path(f"{_PLAN}holder-signs/", plan_signing.holder_signs, name="support-plan-holder-signs"),
    path(f"{_PLAN}commissioner-signs/", plan_signing.commissioner_signs, name="support-plan-commissioner-signs"),
    path(f"{_PLAN}exceptions/<uuid:key>/", plan_signing.exception, name="support-plan-exception"),
    path(f"{_PLAN}delegated-tasks/<uuid:key>/sign-off/", delegated_tasks.sign_off, name="support-plan-sign-off"),
    path(_WRITE, plan_editor.write, name="support-plan-write"),
    path(f"{_WRITE}<slug:section>/", plan_editor.section, name="support-plan-section"),
    path(f"{_WRITE}<slug:section>/add/", plan_editor.add, name="support-plan-add"),
    path(f"{_WRITE}<slug:section>/<uuid:key>/", plan_editor.line, name="support-plan-line"),
    path(f"{_WRITE}<slug:section>/<uuid:key>/remove/", plan_editor.remove, name="support-plan-remove"),
    path("settings/<str:code>/prohibited-purchases/", plan_purchases.prohibited_purchases, name="prohibited-purchases"),
    path(
        "settings/<str:code>/prohibited-purchases/<int:pk>/end/",
        plan_purchases.end_prohibited_purchase,
        name="end-prohibited-purchase",
    ),
    path("delegated-tasks/", delegated_tasks.delegated_tasks, name="delegated-tasks"),
]
