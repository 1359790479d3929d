"""The closed lists about people. Their values are stored, so a value is never renamed, only added."""

from django.db.models import TextChoices


class Sex(TextChoices):
    """As the NHS data dictionary's person phenotypic sex; codes are ours."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    INDETERMINATE = "indeterminate", "Indeterminate"
    NOT_KNOWN = "not_known", "Not known"


class EthnicCategory(TextChoices):
    """The national ethnic category codes. ``Z`` was asked and declined; ``99`` was not asked."""

    BRITISH = "A", "White: British"
    IRISH = "B", "White: Irish"
    OTHER_WHITE = "C", "White: any other background"
    WHITE_BLACK_CARIBBEAN = "D", "Mixed: White and Black Caribbean"
    WHITE_BLACK_AFRICAN = "E", "Mixed: White and Black African"
    WHITE_ASIAN = "F", "Mixed: White and Asian"
    OTHER_MIXED = "G", "Mixed: any other background"
    INDIAN = "H", "Asian: Indian"
    PAKISTANI = "J", "Asian: Pakistani"
    BANGLADESHI = "K", "Asian: Bangladeshi"
    OTHER_ASIAN = "L", "Asian: any other background"
    CARIBBEAN = "M", "Black: Caribbean"
    AFRICAN = "N", "Black: African"
    OTHER_BLACK = "P", "Black: any other background"
    CHINESE = "R", "Chinese"
    OTHER = "S", "Any other ethnic group"
    NOT_STATED = "Z", "Not stated (asked and declined)"
    NOT_KNOWN = "99", "Not known (not asked)"


class NhsNumberMissingReason(TextChoices):
    """Why a person is on the register without an NHS number."""

    NOT_REGISTERED = "not_registered", "Not registered with a GP practice"
    NOT_TRACED = "not_traced", "Could not be traced"
    NEWLY_ARRIVED = "newly_arrived", "Newly arrived in the UK"
    AWAITED = "awaited", "Asked for and awaited"


class CommunicationFormat(TextChoices):
    """The format in which a person needs letters (Accessible Information Standard, DCB1605)."""

    STANDARD = "standard", "Standard print"
    LARGE_PRINT = "large_print", "Large print"
    EASY_READ = "easy_read", "Easy read"
    BRAILLE = "braille", "Braille"
    AUDIO = "audio", "Audio"
    EMAIL = "email", "E-mail"
