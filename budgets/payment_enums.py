"""The closed lists about paying. Their values are stored, so a value is never renamed, only added."""

from django.db.models import TextChoices


class Frequency(TextChoices):
    """How often a payment schedule pays."""

    WEEKLY = "weekly", "Every week"
    FOUR_WEEKLY = "four_weekly", "Every four weeks"
    MONTHLY = "monthly", "Every month"
    ONE_OFF = "one_off", "Once"


class PaidWhen(TextChoices):
    """Whether a period is paid for before it begins or after it ends."""

    ADVANCE = "advance", "In advance, before the period begins"
    ARREARS = "arrears", "In arrears, after the period ends"


class RunStatus(TextChoices):
    """What a payment run is. Nothing is paid until it is released."""

    PREPARING = "preparing", "Being prepared"
    PREPARED = "prepared", "To be checked"
    CHECKED = "checked", "To be released"
    RELEASED = "released", "Released"
    ABANDONED = "abandoned", "Abandoned"


class PaymentState(TextChoices):
    """What a payment is. An included one is made when its run is released."""

    INCLUDED = "included", "Included"
    HELD = "held", "Held"
    LEFT_OUT = "left_out", "Left out"
    RETURNED = "returned", "Returned, to be paid again"
    REVERSED = "reversed", "Reversed"


class LedgerKind(TextChoices):
    """What a ledger entry is."""

    PAYMENT = "payment", "Payment"
    OFFSET = "offset", "Set off against a payment"
    REVERSAL = "reversal", "Reversal"
    REPAYMENT = "repayment", "Overpayment paid back"
    RECOVERY = "recovery", "Unspent money recovered"
    CONTRIBUTION = "contribution", "Contribution received"


class CorrectionKind(TextChoices):
    """Why money that was paid came back."""

    RETURNED = "returned", "The bank returned it: it is to be paid again"
    IN_ERROR = "in_error", "It was paid in error, and all of it came back"
    REPAID = "repaid", "It was too much, and some of it was paid back"


class CorrectionStatus(TextChoices):
    """Where a correction is: one asks, another confirms."""

    ASKED = "asked", "To be confirmed"
    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Refused"


class InvoiceStatus(TextChoices):
    """What a partner invoice is. A credit is issued and stays so."""

    ISSUED = "issued", "Issued"
    CANCELLED = "cancelled", "Cancelled by a credit"


class FileKind(TextChoices):
    """The two files of a payment run."""

    BANK = "bank", "Bank file"
    LEDGER = "ledger", "Ledger file"


class FileDateFormat(TextChoices):
    """How a payment file writes dates."""

    ISO = "%Y-%m-%d", "2026-11-30"
    SLASHES = "%d/%m/%Y", "30/11/2026"
    COMPACT = "%Y%m%d", "20261130"
    SHORT = "%d-%b-%y", "30-Nov-26"
