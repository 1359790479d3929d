"""Keeping a signed version of a support plan as a PDF, in the format the person needs."""

from django.db import transaction

from budgets.enums import PlanStatus
from budgets.models import PlanDocument, SupportPlan
from budgets.selectors.support_plans import PDF_JOB, pdf_job_key
from phb_register import documents, jobs, scope
from phb_register.models import Job, User
from phb_register.roles import Permission

from .plan_support import refused

WITH_PDF = (PlanStatus.SIGNED, PlanStatus.SUPERSEDED)


@transaction.atomic
def request_pdf(*, plan: SupportPlan, by: User) -> Job:
    """Ask for the PDF of a signed version, in the person's communication format. Asked twice, it is the same job.

    Raises `PermissionDenied`, or `BudgetRefused` for a version that is not signed.
    """
    commissioner = plan.referral.commissioner
    scope.check(by, Permission.VIEW_BUDGETS, commissioner)
    if plan.status not in WITH_PDF:
        raise refused("A PDF is made of a version that both sides signed")
    wanted = plan.referral.person.communication_format
    return jobs.enqueue(
        kind=PDF_JOB,
        key=pdf_job_key(plan, wanted),
        parameters={"plan": plan.pk, "format": wanted},
        requested_by=by,
        commissioner=commissioner,
    )


@transaction.atomic
def keep_pdf(*, plan: SupportPlan, communication_format: str, content: bytes, made_by: User | None) -> PlanDocument:
    """Keep the PDF of a version in a format; the first one made is the one kept."""
    SupportPlan.objects.select_for_update().get(pk=plan.pk)
    found = PlanDocument.objects.filter(plan=plan, communication_format=communication_format).first()
    if found is not None:
        return found
    document = documents.store(
        title=f"Support plan, version {plan.number}",
        filename=f"support-plan-{plan.referral.reference.hex[:8]}-{plan.number}.pdf",
        media_type="application/pdf",
        content=content,
        made_by=made_by,
    )
    return PlanDocument.objects.create(plan=plan, communication_format=communication_format, document=document)
