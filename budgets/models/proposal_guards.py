"""What the database refuses of budget proposals and of what risk panels decide on them, whoever writes."""

import pgtrigger

from budgets.rules.panel_states import APPROVALS, PanelDecision
from budgets.rules.proposal_states import AUTHORSHIP

_BY_AUTHORS = ", ".join(f"'{action}'" for action in AUTHORSHIP)
_APPROVING = ", ".join(f"'{decision}'" for decision in APPROVALS)
#: What changes once a proposal is submitted: where it stands, and what was decided.
_LATER = (
    "status", "changed_at", "decided_by_id", "decided_on", "decision_reasons", "conditions", "reconsideration_route"
)  # fmt: skip
_LATER_LIST = ", ".join(f"'{name}'" for name in _LATER)

BEGINS_AS_A_DRAFT = pgtrigger.Trigger(
    name="proposal_begins_as_draft",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'A proposal begins as a draft'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_begins_as_draft';
        END IF;
        RETURN NEW;
    """,
)

FROZEN_ONCE_SUBMITTED = pgtrigger.Trigger(
    name="proposal_frozen",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=f"""
        IF OLD.status IN ('approved', 'declined', 'withdrawn') OR (
            OLD.status <> 'draft'
            AND to_jsonb(OLD) - ARRAY[{_LATER_LIST}] IS DISTINCT FROM to_jsonb(NEW) - ARRAY[{_LATER_LIST}]
        ) THEN
            RAISE EXCEPTION 'A proposal changes only while it is a draft'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_frozen';
        END IF;
        RETURN NEW;
    """,
)

WHOLE_WHEN_SUBMITTED = pgtrigger.Trigger(
    name="proposal_whole",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("status"),
    condition=pgtrigger.Condition("OLD.status = 'draft' AND NEW.status IN ('submitted', 'referred')"),
    declare=[("managed", "numeric"), ("shared", "numeric"), ("of_nhs", "numeric")],
    func="""
        SELECT sum(annual_amount) INTO managed FROM budgets_proposalmethod WHERE proposal_id = NEW.id;
        SELECT sum(percent), sum(percent) FILTER (WHERE funder = 'nhs') INTO shared, of_nhs
            FROM budgets_proposalshare WHERE proposal_id = NEW.id;
        IF managed IS DISTINCT FROM NEW.annual_amount THEN
            RAISE EXCEPTION 'The methods add to %, the proposed amount is %', managed, NEW.annual_amount
                USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_methods_add_up';
        ELSIF shared IS DISTINCT FROM 100 OR of_nhs IS NULL THEN
            RAISE EXCEPTION 'The proposed shares add to 100, with one of the NHS'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_shares_add_up';
        ELSIF NEW.status = 'submitted' AND (NEW.annual_amount + NEW.one_off_amount <= NEW.delegated_limit) IS NOT TRUE
        THEN
            RAISE EXCEPTION 'A proposal above the delegated limit is for the risk panel'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_above_the_limit';
        END IF;
        RETURN NEW;
    """,
)

# Whoever wrote any of it, and the panel's decision where it is the panel that decides.
DECIDED_BY_ANOTHER = pgtrigger.Trigger(
    name="proposal_decided_by_another",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("status"),
    condition=pgtrigger.Condition("NEW.status IN ('approved', 'declined') AND OLD.status <> NEW.status"),
    func=f"""
        IF EXISTS (
            SELECT 1 FROM budgets_budgetproposaltransition
            WHERE proposal_id = NEW.id AND made_by_id = NEW.decided_by_id AND action IN ({_BY_AUTHORS})
        ) THEN
            RAISE EXCEPTION 'Whoever prepared a proposal does not decide on it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_decided_by_another';
        ELSIF OLD.status = 'referred' AND NOT EXISTS (
            SELECT 1 FROM budgets_panelitem WHERE proposal_id = NEW.id AND (
                (NEW.status = 'approved' AND decision IN ({_APPROVING}))
                OR (NEW.status = 'declined' AND decision = '{PanelDecision.DECLINE}')
            )
        ) THEN
            RAISE EXCEPTION 'The risk panel has not decided so'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_decided_at_panel';
        END IF;
        RETURN NEW;
    """,  # noqa: S608  the parts are constants of the rules
)

APPROVED_IS_AGREED = pgtrigger.Trigger(
    name="proposal_approved_is_agreed",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("status"),
    timing=pgtrigger.Deferred,
    func="""
        IF NEW.status = 'approved' AND NOT EXISTS (
            SELECT 1 FROM budgets_agreedbudget WHERE proposal_id = NEW.id
        ) THEN
            RAISE EXCEPTION 'An approved proposal is an agreed budget'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_approved_is_agreed';
        END IF;
        RETURN NULL;
    """,
)

#: An agreed budget says what its proposal said, which was approved; only the first of a PHB may have none.
AGREED_AS_APPROVED = pgtrigger.Trigger(
    name="agreed_as_approved",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NEW.proposal_id IS NULL THEN
            IF NEW.number > 1 THEN
                RAISE EXCEPTION 'An agreed budget changes by an approved proposal only'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'agreed_as_approved';
            END IF;
        ELSIF NOT EXISTS (
            SELECT 1 FROM budgets_budgetproposal proposal
            JOIN budgets_personalhealthbudget phb ON phb.referral_id = proposal.referral_id
            WHERE proposal.id = NEW.proposal_id AND phb.id = NEW.phb_id AND proposal.status = 'approved'
                AND proposal.annual_amount = NEW.annual_amount AND proposal.one_off_amount = NEW.one_off_amount
                AND proposal.one_off_method = NEW.one_off_method
        ) THEN
            RAISE EXCEPTION 'An agreed budget says what was approved for this personal health budget'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'agreed_as_approved';
        END IF;
        RETURN NEW;
    """,
)


def part_of_a_draft(thing: str) -> pgtrigger.Trigger:
    """Methods and shares are written, changed and taken out only while their proposal is a draft."""
    return pgtrigger.Trigger(
        name=f"{thing}_of_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("held", "text"), ("of_proposal", "bigint")],
        func=f"""
            FOREACH of_proposal IN ARRAY ARRAY[OLD.proposal_id, NEW.proposal_id] LOOP
                SELECT status INTO held FROM budgets_budgetproposal WHERE id = of_proposal FOR SHARE;
                IF FOUND AND held <> 'draft' THEN
                    RAISE EXCEPTION 'A proposal changes only while it is a draft'
                        USING ERRCODE = 'check_violation', CONSTRAINT = '{thing}_of_a_draft';
                END IF;
            END LOOP;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,  # noqa: S608  the part is a constant of a model
    )


ITEM_WAITS_FOR_THE_PANEL = pgtrigger.Trigger(
    name="panel_item_waits",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NEW.decision <> '' OR NOT EXISTS (
            SELECT 1 FROM budgets_budgetproposal WHERE id = NEW.proposal_id AND status = 'referred'
        ) OR NOT EXISTS (
            SELECT 1 FROM budgets_riskpanel WHERE id = NEW.panel_id AND status <> 'cancelled'
        ) THEN
            RAISE EXCEPTION 'Only a proposal with the risk panel is put on an agenda, and not on a cancelled one'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'panel_item_waits';
        END IF;
        RETURN NEW;
    """,
)

ITEM_DECIDED_BY_OTHERS = pgtrigger.Trigger(
    name="panel_item_decided_by_others",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("decision", "decided_by_id"),
    condition=pgtrigger.Condition("NEW.decision <> ''"),
    func=f"""
        IF NOT EXISTS (SELECT 1 FROM budgets_riskpanel WHERE id = NEW.panel_id AND status = 'held') THEN
            RAISE EXCEPTION 'A risk panel decides at its meeting'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'panel_item_at_a_meeting';
        ELSIF EXISTS (
            SELECT 1 FROM budgets_budgetproposaltransition
            WHERE proposal_id = NEW.proposal_id AND made_by_id = NEW.decided_by_id AND action IN ({_BY_AUTHORS})
        ) THEN
            RAISE EXCEPTION 'Nobody on a panel decides what they prepared'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'panel_item_decided_by_others';
        END IF;
        RETURN NEW;
    """,  # noqa: S608  the parts are constants of the rules
)

ITEM_DECIDED_ONCE = pgtrigger.Protect(
    name="panel_item_decided_once",
    operation=pgtrigger.Update | pgtrigger.Delete,
    condition=pgtrigger.Condition("OLD.decision <> ''"),
)
