"""Accepted referrals from which no PHB came yet: few, whatever the size of the register."""

from typing import ClassVar

import pgtrigger
from django.db import models

from eligibility.models import Referral
from phb_register.roles import Permission
from phb_register.scope import ScopedManager, ScopedQuerySet


class AwaitedBudgetQuerySet(ScopedQuerySet["AwaitedBudget"]):
    """Reads of the referrals that wait for a budget."""

    scope_path = "referral__commissioner_id"
    scope_permission = Permission.MANAGE_BUDGETS


class AwaitedBudget(models.Model):
    """An accepted referral that has no PHB. Rows come and go by triggers; nothing else writes here.

    To find those few among all accepted referrals, the worklist would have to look at every one of them.
    """

    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, primary_key=True, related_name="+")

    objects: ClassVar[AwaitedBudgetQuerySet] = ScopedManager.from_queryset(AwaitedBudgetQuerySet)()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"A budget from {self.referral}"


class ReferralThatMayAwaitABudget(Referral):
    """The referrals of the room below, with what this room's table needs to hear of them."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="referral_awaits_budget",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                func="""
                    IF NEW.status = 'accepted' THEN
                        INSERT INTO budgets_awaitedbudget (referral_id)
                        SELECT NEW.id WHERE NOT EXISTS (
                            SELECT 1 FROM budgets_personalhealthbudget WHERE referral_id = NEW.id
                        )
                        ON CONFLICT DO NOTHING;
                    ELSE
                        DELETE FROM budgets_awaitedbudget WHERE referral_id = NEW.id;
                    END IF;
                    RETURN NULL;
                """,
            )
        ]
