"""The closed lists of this room. Their values are stored, so a value is never renamed, only added."""

from enum import StrEnum

from django.db.models import TextChoices


class Method(TextChoices):
    """The three ways to manage the money; a PHB with parts of more than one is mixed."""

    NOTIONAL = "notional", "Notional budget"
    THIRD_PARTY = "third_party", "Third-party budget"
    DIRECT_PAYMENT = "direct_payment", "Direct payment"


class Funder(TextChoices):
    """Who pays a share. A PHB has an NHS share; with others beside it, it is an integrated personal budget."""

    NHS = "nhs", "NHS"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    EDUCATION = "education", "Education"


class LivesIn(TextChoices):
    """Where the person lives; decides whether a PHB counts in uptake in the community."""

    HOME = "home", "Their own or a family home"
    CARE_HOME = "care_home", "A care home"


class SupportKind(TextChoices):
    """What a support organisation does for people with a PHB; one may do several things."""

    THIRD_PARTY = "third_party", "Third party (individual service fund)"
    PROVIDER = "provider", "Provider of care or services"
    BROKER = "broker", "Broker"
    PAYROLL = "payroll", "Payroll"
    CARE_AGENCY = "care_agency", "Care agency"
    ADVICE = "advice", "Advice and support"


class PayeeKind(TextChoices):
    """To whom a direct payment is made (2013 Regulations, regulations 3 to 6)."""

    PATIENT = "patient", "The person"
    REPRESENTATIVE = "representative", "A representative of the person"
    NOMINEE = "nominee", "A nominee"


class CapacityBasis(TextChoices):
    """On what ground somebody consents to a direct payment; the first two are the person's own consent."""

    PRESUMED = "presumed", "The person has capacity: nothing gave reason to doubt it"
    ASSESSED = "assessed", "The person has capacity: it was assessed"
    CHILD = "child", "The person is under 16, so a representative consents"
    LACKS = "lacks", "The person lacks capacity: it was assessed, so a representative consents"


class AccountKind(TextChoices):
    """Into what a direct payment is paid (regulations 10 and 11)."""

    DEDICATED = "dedicated", "An account for direct payments alone"
    PREPAID_CARD = "prepaid_card", "A prepaid card"
    MANAGED = "managed", "A managed account, held by an organisation"
    OWN = "own", "The payee’s own account, for a one-off"


class ArrangementEnd(TextChoices):
    """Why an arrangement ended."""

    REPLACED = "replaced", "Another arrangement takes its place"
    STOPPED = "stopped", "The direct payment was stopped"
    NOT_NEEDED = "not_needed", "The money is managed in another way"
    BUDGET_ENDED = "budget_ended", "The personal health budget ended"


class WheelchairOption(TextChoices):
    """The options of a personal wheelchair budget."""

    NOTIONAL = "notional", "Notional"
    CONTRIBUTION = "contribution", "Notional with a contribution"
    THIRD_PARTY = "third_party", "Third party"


class WheelchairOwner(TextChoices):
    """Whose the wheelchair is."""

    NHS = "nhs", "The NHS"
    PERSON = "person", "The person"


class WheelchairRepairer(TextChoices):
    """Who has the wheelchair repaired."""

    NHS = "nhs", "The NHS"
    SHARED = "shared", "The NHS; extras, the person"
    PERSON = "person", "The person"


class StopReason(TextChoices):
    """Why a direct payment stopped (regulation 17). `rules.stopping` says which of them leave no choice."""

    CONSENT_WITHDRAWN = "consent_withdrawn", "The person withdrew their consent"
    REPRESENTATIVE_WITHDREW = "representative_withdrew", "The representative withdrew, and nobody else consents"
    TURNED_16 = "turned_16", "The person turned 16 and does not consent"
    REGAINED_CAPACITY = "regained_capacity", "The person has capacity again and does not consent"
    # Says nothing of why, on purpose: those who may not see court orders read this.
    NOT_POSSIBLE = "not_possible", "A direct payment is not possible at present"
    NOT_A_PATIENT = "not_a_patient", "The NHS no longer provides the care"
    PAYEE_UNSUITABLE = "payee_unsuitable", "The payee is not suitable to manage it"
    NOMINEE_DECLINED = "nominee_declined", "The nominee no longer agrees to receive it"
    NOMINATION_WITHDRAWN = "nomination_withdrawn", "The nomination was withdrawn"
    OFF_PLAN_USE = "off_plan_use", "It was used for something outside the plan"
    FRAUD = "fraud", "There was theft, fraud or another offence in connection with it"
    NEEDS_NOT_MET = "needs_not_met", "It does not meet the person’s needs"
    OTHER = "other", "Another reason"


class EndReason(TextChoices):
    """Why a PHB ended. Every end has one."""

    DIED = "died", "The person died"
    MOVED = "moved_to_another_commissioner", "The person moved to another commissioner"
    NOT_ELIGIBLE = "no_longer_eligible", "The person is no longer eligible"
    CARE_HOME = "moved_to_a_care_home", "The person moved to a care home"
    CONVENTIONAL_CARE = "chose_conventional_care", "The person chose conventional care"
    HOSPITAL = "long_stay_in_hospital", "The person is in hospital for a long stay"
    NEXT_COHORT = "moved_to_another_cohort", "A PHB in another cohort takes its place"
    NOT_STARTED = "did_not_go_ahead", "It was agreed but did not go ahead"
    ONE_OFF_DONE = "one_off_completed", "It was a one-off and is complete"


class State(StrEnum):
    """What a PHB is on a date; derived from its dates, never stored."""

    AGREED = "agreed"
    IN_PLACE = "in_place"
    ENDED = "ended"


class ClosureStatus(TextChoices):
    """Where the final reconciliation of a PHB that ended stands."""

    OPEN = "open", "To be reconciled"
    NOT_NEEDED = "not_needed", "Nothing to reconcile: nothing was paid"
    RECONCILED = "reconciled", "Reconciled"
    WITHDRAWN = "withdrawn", "Withdrawn: the end was taken back"


class Settlement(TextChoices):
    """What became of the final balance."""

    NOTHING = "nothing", "Nothing was owed by either side"
    RECOVERED = "recovered", "Money was recovered, or written off"
    PAID = "paid", "A final payment was made"


class PlanStatus(TextChoices):
    """What a version of a support plan is. Proposed, it can no longer be changed; signed by both sides, it counts."""

    DRAFT = "draft", "Draft"
    PROPOSED = "proposed", "Proposed, to be signed"
    SIGNED = "signed", "Signed"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Recurrence(TextChoices):
    """How often an amount is due."""

    WEEKLY = "weekly", "Every week"
    ANNUAL = "annual", "Every year"
    ONE_OFF = "one_off", "Once"


class PlanPayments(TextChoices):
    """How often a plan says that its direct payment is made (regulation 8 of the 2013 Regulations)."""

    WEEKLY = "weekly", "Every week"
    FOUR_WEEKLY = "four_weekly", "Every four weeks"
    MONTHLY = "monthly", "Every month"
    ONE_OFF = "one_off", "Once"


class ServiceCategory(TextChoices):
    """What a service of a support plan is. What cannot be bought has no place here: see `ProhibitedPurchase`."""

    PERSONAL_ASSISTANT = "personal_assistant", "A personal assistant"
    CARE_AGENCY = "care_agency", "Care from an agency"
    NURSING = "nursing", "Nursing"
    THERAPY = "therapy", "Therapy"
    BREAKS = "breaks", "A break for the person or their carer"
    ACTIVITY = "activity", "An activity or course"
    EQUIPMENT = "equipment", "Equipment or an adaptation"
    TRANSPORT = "transport", "Transport"
    TRAINING = "training", "Training of those who give care"
    EMPLOYING = "employing", "Costs of employing: payroll, insurance, recruitment"
    MANAGING_MONEY = "managing_money", "Help to manage the money"
    OTHER = "other", "Something else that meets a need in this plan"


class PayeeRelationship(TextChoices):
    """Whether whoever a service is bought from is connected with the person (regulation 8 of the 2013 Regulations)."""

    NOT_CONNECTED = "not_connected", "Neither a family member nor a friend"
    FAMILY = "family", "A family member"
    FRIEND = "friend", "A friend"


class ExceptionReason(TextChoices):
    """Why somebody of the same household may be paid after all (regulation 8(5A) and (5B), since 1 April 2017)."""

    MEETS_NEED = "meets_need", "It is necessary to meet the person’s need satisfactorily"
    CHILD_WELFARE = "child_welfare", "It is necessary to promote the welfare of a child"


class PurchaseAuthority(TextChoices):
    """Where it is said that something cannot be bought with a PHB."""

    REGULATIONS = "regulations", "The regulations"
    GUIDANCE = "guidance", "Guidance"
    LOCAL = "local", "The commissioner’s own policy"


class SigningSide(TextChoices):
    """The two sides that sign a support plan."""

    HOLDER = "holder", "The person’s side"
    COMMISSIONER = "commissioner", "The commissioner’s side"


class SignedAs(TextChoices):
    """In what right somebody signs a support plan."""

    PERSON = "person", "The person"
    REPRESENTATIVE = "representative", "A representative"
    NOMINEE = "nominee", "A nominee"
    OFFICER = "officer", "For the commissioner"


class SignedHow(TextChoices):
    """How a support plan was signed."""

    ON_PAPER = "on_paper", "By hand, on paper"
    ELECTRONICALLY = "electronically", "Electronically"
    SPOKEN = "spoken", "By saying so, with a witness"


class Registration(TextChoices):
    """With whom a professional is registered who signs off a delegated healthcare task."""

    NMC = "nmc", "Nursing and Midwifery Council"
    HCPC = "hcpc", "Health and Care Professions Council"
    GMC = "gmc", "General Medical Council"
    GPHC = "gphc", "General Pharmaceutical Council"
