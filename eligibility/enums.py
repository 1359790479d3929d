"""The coded values of rule sets' versions and of the referral pathway."""

from django.db import models


class ReferralStatus(models.TextChoices):
    """Where a referral has got to. ``rules.referral_states`` says which may follow which."""

    SUBMITTED = "submitted", "Waiting for a decision"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ApprovalStatus(models.TextChoices):
    """Where a rule set's version has got to. ``rules.rule_set_states`` says which may follow which.

    Not to be mixed up with its ``status``: proposed criteria are approved too before anybody is screened by them.
    """

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Waiting for approval"
    APPROVED = "approved", "Approved"
    WITHDRAWN = "withdrawn", "Withdrawn"


class VersionPart(models.TextChoices):
    """What of a version somebody edited."""

    START = "start", "Started the version"
    DETAILS = "details", "Changed the details"
    CONTENT = "content", "Changed the criteria"
    READING = "reading", "Chose a reading"
    CASES = "cases", "Changed the worked cases"


class AsksFor(models.TextChoices):
    """How a person would like the money to be held. A right to have a budget is not a right to one method."""

    NOTIONAL = "notional", "Notional budget"
    THIRD_PARTY = "third_party", "Third-party budget"
    DIRECT_PAYMENT = "direct_payment", "Direct payment"
    MIXED = "mixed", "A mix of these"


class DecisionOutcome(models.TextChoices):
    """What was decided. Accepting in part refuses the rest, with its own reasons."""

    ACCEPTED = "accepted", "Accepted"
    ACCEPTED_IN_PART = "accepted_in_part", "Accepted in part"
    DECLINED = "declined", "Declined"


class ReasonCode(models.TextChoices):
    """Why a referral, or part of one, was refused."""

    NOT_APPROPRIATE = "not_appropriate", "A personal health budget is not appropriate for this care"
    CRITERIA_NOT_MET = "criteria_not_met", "The person does not meet the criteria"
    NOT_YET_OFFERED = "not_yet_offered", "The local offer does not cover this group yet"
    NOT_THE_RESPONSIBLE_COMMISSIONER = "not_responsible", "Another commissioner is responsible for this person"
    INFORMATION_NOT_GIVEN = "information_not_given", "The information needed to decide was not given"
    OTHER = "other", "Another reason"


#: Regulation 32B(4) of SI 2012/2996 lets a body refuse a right to have only so far as it is not appropriate. The other
#: two say that the right is not this person's on the facts, or lies against somebody else.
REASONS_AGAINST_A_RIGHT = (
    ReasonCode.NOT_APPROPRIATE,
    ReasonCode.CRITERIA_NOT_MET,
    ReasonCode.NOT_THE_RESPONSIBLE_COMMISSIONER,
)


class LetterKind(models.TextChoices):
    """What a letter tells its reader. The labels are what staff choose from."""

    ACCEPTED = "accepted", "Referral accepted"
    ACCEPTED_IN_PART = "accepted_in_part", "Referral accepted in part"
    DECLINED = "declined", "Referral declined"
    MORE_INFORMATION = "more_information", "More information needed"
    BUDGET_OFFER = "budget_offer", "Offer of a personal health budget"
    RECONSIDERATION_OUTCOME = "reconsideration_outcome", "Outcome of a reconsideration"


#: Letters that tell of a decision, of which each has one in use.
DECISION_LETTERS = (LetterKind.ACCEPTED, LetterKind.ACCEPTED_IN_PART, LetterKind.DECLINED)


class LetterWording(models.TextChoices):
    """How a letter is worded. Easy read: short sentences, one idea a line."""

    STANDARD = "standard", "Standard"
    EASY_READ = "easy_read", "Easy read"


class SendingMethod(models.TextChoices):
    """How a letter reached its reader, as somebody recorded it."""

    POST = "post", "By post"
    EMAIL = "email", "By e-mail"
    BY_HAND = "by_hand", "Given by hand"
    READ_OUT = "read_out", "Read out"
