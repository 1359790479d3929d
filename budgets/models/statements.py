"""Statements of an account: files that were read, their lines, and what helps to read and match them.

No account number or sort code is kept: descriptions are masked before they come here, and of an account its last four
digits are known.
"""

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from budgets.enums import ServiceCategory
from budgets.rules.matching import MONEY_IN, MONEY_OUT, LineMatch
from phb_register.models import Commissioner
from phb_register.models.guards import no_delete

from .monitoring import MonitoringReturn
from .personal_health_budgets import PersonalHealthBudget

_REFUSE_OF_RECONCILED = """
    SELECT status INTO standing FROM budgets_monitoringreturn
        WHERE id = coalesce(NEW.monitoring_return_id, OLD.monitoring_return_id) FOR SHARE;
    IF standing = 'reconciled' THEN
        RAISE EXCEPTION 'This return is reconciled. Reopen it before its statement changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'return_reconciled_fixed';
    END IF;
"""


def _while_not_reconciled(name: str, further: str = "") -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("standing", "text")],
        func=f"""
            {_REFUSE_OF_RECONCILED}
            {further}
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,
    )


@pghistory.track()
class StatementLayout(models.Model):
    """Which column of a file is which, remembered for the commissioner by the file's headings."""

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    header_key = models.CharField("hash of the headings", max_length=64)
    header = models.JSONField("headings")
    columns = models.JSONField("columns by what they hold")
    remembered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    remembered_at = models.DateTimeField("remembered at", auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commissioner", "header_key"], name="statement_layout_once")]

    def __str__(self) -> str:
        return ", ".join(self.header)


class StatementDraft(models.Model):
    """A file that was read and waits to be looked at before anything of it is stored.

    ``rows`` are its cells with numbers of accounts masked; it goes as soon as it is stored or thrown away.
    """

    key = models.UUIDField("key", default=uuid.uuid4, unique=True, editable=False)
    monitoring_return = models.ForeignKey(MonitoringReturn, on_delete=models.CASCADE, related_name="+")
    file_sha256 = models.CharField("SHA-256 of the file", max_length=64)
    received_on = models.DateField("received on")
    account_last_four = models.CharField("last four digits", max_length=4, blank=True)
    header = models.JSONField("headings")
    rows = models.JSONField("cells, row by row", encoder=DjangoJSONEncoder)
    columns = models.JSONField("columns by what they hold", default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("made at", auto_now_add=True)

    def __str__(self) -> str:
        return f"File for return {self.monitoring_return_id}"


@pghistory.track()
class Statement(models.Model):
    """What one file said of the period of a return: its balance before the first line and after the last, in pounds.

    ``known_amount`` is the sum of the ``known_lines`` of the file that an earlier file of the return had already.
    """

    reference = models.UUIDField("reference", default=uuid.uuid4, unique=True, editable=False)
    monitoring_return = models.ForeignKey(MonitoringReturn, on_delete=models.PROTECT, related_name="statements")
    file_sha256 = models.CharField("SHA-256 of the file", max_length=64)
    account_last_four = models.CharField("last four digits", max_length=4, blank=True)
    first_on = models.DateField("first line on")
    last_on = models.DateField("last line on")
    opening_balance = models.DecimalField("opening balance", max_digits=12, decimal_places=2)
    closing_balance = models.DecimalField("closing balance", max_digits=12, decimal_places=2)
    known_lines = models.PositiveIntegerField("lines known already", default=0)
    known_amount = models.DecimalField("sum of lines known already", max_digits=12, decimal_places=2, default=0)
    lines_outside = models.PositiveIntegerField("lines outside the period", default=0)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField("imported at", auto_now_add=True)

    class Meta:
        ordering = ["first_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["monitoring_return", "file_sha256"], name="statement_file_once"),
            models.CheckConstraint(name="statement_ends_after_start", condition=Q(last_on__gte=F("first_on"))),
            models.CheckConstraint(
                name="statement_last_four_only",
                condition=Q(account_last_four="") | Q(account_last_four__regex=r"^[0-9]{4}$"),
            ),
        ]
        triggers = [
            _while_not_reconciled("statement_of_open_return"),
            pgtrigger.Trigger(
                name="statement_adds_up",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                declare=[("moved", "numeric")],
                func="""
                    SELECT coalesce(sum(amount), 0) INTO moved FROM budgets_statementline WHERE statement_id = NEW.id;
                    IF EXISTS (SELECT 1 FROM budgets_statement WHERE id = NEW.id)
                        AND NEW.opening_balance + NEW.known_amount + moved <> NEW.closing_balance THEN
                        RAISE EXCEPTION 'Opening balance and movements do not give the closing balance'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_adds_up';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Statement {self.first_on:%d/%m/%Y} to {self.last_on:%d/%m/%Y}"


@pghistory.track()
class MatchingRule(models.Model):
    """A rule that was kept: a line whose description contains the words is suggested to be this.

    For one PHB where ``phb`` is given, else for all of the commissioner. It suggests; a person confirms.
    """

    commissioner = models.ForeignKey(Commissioner, on_delete=models.PROTECT, related_name="+")
    phb = models.ForeignKey(PersonalHealthBudget, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contains = models.CharField("description contains", max_length=80)
    is_money_in = models.BooleanField("money in")
    match = models.CharField("what it is", max_length=12, choices=LineMatch.choices)
    category = models.CharField("category", max_length=24, choices=ServiceCategory.choices, blank=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField("kept at", auto_now_add=True)
    is_in_use = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["contains", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "phb", "contains", "is_money_in"],
                condition=Q(is_in_use=True),
                nulls_distinct=False,
                name="matching_rule_once",
            ),
            models.CheckConstraint(name="matching_rule_has_words", condition=Q(contains__regex="^.{3,}$")),
            models.CheckConstraint(
                name="matching_rule_fits_direction",
                condition=Q(is_money_in=True, match__in=MONEY_IN) | Q(is_money_in=False, match__in=MONEY_OUT),
            ),
            models.CheckConstraint(
                name="matching_rule_category",
                condition=Q(match=LineMatch.PLAN, category__in=ServiceCategory.values)
                | ~Q(match=LineMatch.PLAN) & Q(category=""),
            ),
        ]
        triggers = [no_delete("matching_rule")]

    def __str__(self) -> str:
        return f"“{self.contains}”: {self.get_match_display()}"


@pghistory.track(pghistory.UpdateEvent())
class StatementLine(models.Model):
    """One line of a statement. ``amount`` is in pounds, money in above nought; ``row`` is its row in the file.

    ``key`` says which line it is, so that a line in two files is kept once.
    """

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    monitoring_return = models.ForeignKey(MonitoringReturn, on_delete=models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField("row of the file")
    key = models.CharField("key", max_length=64)
    booked_on = models.DateField("date")
    description = models.CharField("description", max_length=200)
    amount = models.DecimalField("amount", max_digits=12, decimal_places=2)
    match = models.CharField("what it is", max_length=12, choices=LineMatch.choices, blank=True)
    category = models.CharField("category", max_length=24, choices=ServiceCategory.choices, blank=True)
    note = models.CharField("note", max_length=200, blank=True)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    matched_on = models.DateField("matched on", null=True, blank=True)
    is_receipt_asked = models.BooleanField("receipt asked for", default=False)
    receipt_seen_on = models.DateField("receipt seen on", null=True, blank=True)
    receipt_seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["booked_on", "statement_id", "row"]
        constraints = [
            models.UniqueConstraint(fields=["monitoring_return", "key"], name="statement_line_once"),
            models.CheckConstraint(name="statement_line_moves_money", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="statement_line_fits_direction",
                condition=Q(match="") | Q(amount__gt=0, match__in=MONEY_IN) | Q(amount__lt=0, match__in=MONEY_OUT),
            ),
            models.CheckConstraint(
                name="statement_line_category",
                condition=Q(match=LineMatch.PLAN, category__in=ServiceCategory.values)
                | ~Q(match=LineMatch.PLAN) & Q(category=""),
            ),
            models.CheckConstraint(
                name="statement_line_matched_whole",
                condition=Q(match="", matched_by__isnull=True, matched_on__isnull=True)
                | ~Q(match="") & Q(matched_by__isnull=False, matched_on__isnull=False),
            ),
            models.CheckConstraint(
                name="statement_line_receipt_whole",
                condition=Q(receipt_seen_on__isnull=True, receipt_seen_by__isnull=True)
                | Q(receipt_seen_on__isnull=False, receipt_seen_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["monitoring_return", "booked_on"], condition=Q(match=""), name="statement_line_unmatched"
            )
        ]
        triggers = [
            _while_not_reconciled(
                "statement_line_of_open_return",
                """
                IF TG_OP = 'INSERT' AND NOT EXISTS (
                    SELECT 1 FROM budgets_statement
                    WHERE id = NEW.statement_id AND monitoring_return_id = NEW.monitoring_return_id
                ) THEN
                    RAISE EXCEPTION 'The line is of another return than its statement'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_line_of_its_return';
                END IF;
                """,
            ),
            pgtrigger.ReadOnly(
                name="statement_line_fixed",
                fields=["statement", "monitoring_return", "row", "key", "booked_on", "description", "amount"],
            ),
        ]

    def __str__(self) -> str:
        return f"Row {self.row}: {self.amount}"
