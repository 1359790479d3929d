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


class PauseReason(models.TextChoices):
    """Why the clock of a referral stood still."""

    INFORMATION = "information", "Waiting for information"
    PERSON_ASKED = "person_asked", "The person asked us to wait"
    IN_HOSPITAL = "in_hospital", "The person is in hospital"
    ANOTHER_BODY = "another_body", "Waiting for another body"
    WITHDRAWN = "withdrawn", "Withdrawn, then reopened"
    OTHER = "other", "Another reason"


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


class RefusalKind(models.TextChoices):
    """What a decision refuses. Each may be refused without the others, and each can be reconsidered."""

    WHOLE = "whole", "The personal health budget"
    PART = "part", "Part of the care"
    DIRECT_PAYMENT = "direct_payment", "A direct payment"
    SERVICE = "service", "A service in the plan"


class DirectPaymentReason(models.TextChoices):
    """Why a direct payment was refused (SI 2013/1617). It never refuses the budget: other methods stay open."""

    EXCLUDED = "excluded", "A drug or alcohol order excludes the person (the Schedule)"
    NO_CONSENT = "no_consent", "Nobody who can consent to it asked for it (regulations 3 to 5)"
    NO_SUITABLE_PERSON = "no_suitable_person", "No suitable representative or nominee was found (regulations 4 to 6)"
    CANNOT_MANAGE = "cannot_manage", "It could not be managed, even with the help available (regulation 7)"
    NOT_SAME_OUTCOMES = "not_same_outcomes", "It would not meet the need as well, or for the money (regulation 7)"
    CARE_BOUGHT_FOR_MANY = "care_bought_for_many", "The care is bought for many people under one contract"
    OTHER = "other", "Another reason"


class ServiceReason(models.TextChoices):
    """Why a service that the person asked for is left out of the plan (SI 2013/1617, regulation 8)."""

    NOT_ALLOWED = "not_allowed", "The money may not be spent on it"
    NEED_NOT_MET = "need_not_met", "It would not meet an assessed health need"
    NOT_SAFE = "not_safe", "Its risks could not be managed"
    PROVIDED_ALREADY = "provided_already", "The NHS or another body provides it already"
    TOO_COSTLY = "too_costly", "The need can be met as well for less"
    OTHER = "other", "Another reason"


class AskedBy(models.TextChoices):
    """Who asked for a decision to be reconsidered."""

    PERSON = "person", "The person"
    REPRESENTATIVE = "representative", "Somebody who acts for the person"


class ReconsiderationStatus(models.TextChoices):
    """Where a reconsideration has got to. ``rules.reconsideration_states`` says which may follow which."""

    REQUESTED = "requested", "Waiting to be decided"
    DECIDED = "decided", "Decided, notice not given yet"
    NOTIFIED = "notified", "Decided, and notice given"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ReconsiderationOutcome(models.TextChoices):
    """What became of the refusal."""

    UPHELD = "upheld", "Upheld: the refusal stands"
    CHANGED = "changed", "Changed: it is no longer refused"
    CHANGED_IN_PART = "changed_in_part", "Changed in part: less is refused"


class OfferInformation(models.TextChoices):
    """What a person was given to understand the offer of a budget with."""

    WRITTEN_GUIDE = "written_guide", "A written guide"
    TALK = "talk", "A talk with somebody who knows about budgets"
    PEER_SUPPORT = "peer_support", "Contact with somebody who has a budget"
    WEBSITE = "website", "The local offer on the website"
    OTHER = "other", "Something else"


class OfferChannel(models.TextChoices):
    """How a budget was offered."""

    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By phone"
    VIDEO = "video", "By video call"
    LETTER = "letter", "By letter"
    EMAIL = "email", "By e-mail"


class OfferResponse(models.TextChoices):
    """What the person said to the offer of a budget."""

    NOT_ANSWERED = "not_answered", "Not answered yet"
    ACCEPTED = "accepted", "Accepted"
    NOT_NOW = "not_now", "Not now"
    DECLINED = "declined", "Declined"


class WhyNot(models.TextChoices):
    """Why a person did not want a budget, or not yet."""

    CONTENT = "content", "Content with the present care"
    TOO_MUCH = "too_much", "Too much to manage"
    EMPLOYING = "employing", "Worried about employing people"
    FAMILY = "family", "Family circumstances"
    NOT_UNDERSTOOD = "not_understood", "Did not understand the offer"
    TOO_ILL = "too_ill", "Too ill"
    OTHER = "other", "Another reason"


class TransferReason(models.TextChoices):
    """Why another commissioner should be responsible for a person."""

    GP_CHANGED = "gp_changed", "The person changed GP practice"
    MOVED = "moved", "The person moved, and is not registered with a GP practice"
    PLACEMENT = "placement", "A placement began or ended"
    SUCCESSION = "succession", "The commissioner closed, and another took over"
    OTHER = "other", "Another reason"


class ResponsibilityBasis(models.TextChoices):
    """What makes a commissioner responsible for a person."""

    GP_PRACTICE = "gp_practice", "The GP practice where the person is registered"
    USUAL_RESIDENCE = "usual_residence", "Where the person usually lives"
    PLACEMENT = "placement", "It made the placement in a care home or an independent hospital"
    SECTION_117 = "section_117", "It is responsible for the person’s section 117 after-care"
    OTHER = "other", "Another basis"


class TransferStatus(models.TextChoices):
    """Where a transfer has got to. ``rules.transfer_states`` says which may follow which."""

    WAITING = "waiting", "Waiting for the other commissioner"
    SENT = "sent", "Sent to a commissioner that does not use this register"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Refused"
    CANCELLED = "cancelled", "Cancelled"


class CheckResult(models.TextChoices):
    """What came of checking who is responsible for a person."""

    SAME = "same", "The same commissioner is still responsible"
    TRANSFER = "transfer", "A transfer was started"
