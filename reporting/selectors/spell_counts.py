"""How many budgets and people there are of each kind, in one statement that reads the register once for each.

PostgreSQL sorts the budgets by stage (`rules.stages`) and by what figures tell apart, and the people by the stages of
all their budgets and the methods in force; what comes back is a few hundred rows, from which every figure is added up.
So a figure more costs no further read of the register.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from budgets.enums import LivesIn, Method
from reporting import measures as m
from reporting.figures import WHEELCHAIR
from reporting.rules import stages
from reporting.rules.counting import Breakdown, CountingPolicy
from reporting.selectors.scope import Counted

#: Each method as a bit; a person has those of the parts in force of budgets in place.
METHOD_BITS: dict[str, int] = {method: 1 << place for place, method in enumerate(m.METHOD_PRECEDENCE)}
_ONE_OFF, _AT_HOME, _FAST_TRACK, _JOINT = 64, 128, 256, 512

# An in-force part of a budget in place, and nothing else, gives its method to the person.
_IN_PLACE = "phb.started_on <= %(as_at)s AND (phb.ended_on IS NULL OR phb.ended_on > %(as_at)s)"
_METHOD_BIT = " ".join(f"WHEN '{method}' THEN {bit}" for method, bit in METHOD_BITS.items())
_IN_FORCE = "{part}.starts_on <= %(as_at)s AND ({part}.ends_on IS NULL OR {part}.ends_on > %(as_at)s)"

_STATEMENT = f"""
    {{first}}
    SELECT 'budgets', phb.cohort_id, {stages.AS_SQL}
        + CASE WHEN phb.is_one_off THEN {_ONE_OFF} ELSE 0 END
        + CASE WHEN phb.lives_in = '{LivesIn.HOME}' THEN {_AT_HOME} ELSE 0 END
        + CASE WHEN phb.is_fast_track THEN {_FAST_TRACK} ELSE 0 END
        + CASE WHEN {{is_joint}} THEN {_JOINT} ELSE 0 END AS kind,
        NULL::bigint, NULL::bigint, NULL::boolean, count(*)
    FROM {{budgets}} AS phb {{joint}}
    WHERE {{where}}
    GROUP BY phb.cohort_id, kind
  UNION ALL
    SELECT 'people', NULL, person.methods, {{in_year}}, person.of_all, {{is_child}} AS is_child, count(*)
    FROM (
        SELECT phb.person_id, bit_or(CASE part.method {_METHOD_BIT} ELSE 0 END) AS methods,
            bit_or(1::bigint << {stages.AS_SQL}) AS of_all{{apart}}
        FROM {{budgets}} AS phb
        LEFT JOIN budgets_methodpart AS part
            ON part.phb_id = phb.id AND {_IN_FORCE.format(part="part")} AND {_IN_PLACE}
        WHERE {{where}}
        GROUP BY phb.person_id
    ) AS person
    {{young}}
    GROUP BY person.methods, {{in_year}}, person.of_all, is_child
  UNION ALL
    SELECT 'wheelchairs', NULL, NULL, NULL, NULL, NULL, count(*)
    FROM {{budgets}} AS phb
    WHERE {{where}} AND {{wheelchair_active}}
"""  # noqa: S608  the parts are constants of this module
# A commissioner's budgets are read once; what is read of all England's is not kept beside it. In the order of people,
# so that what is looked up for one lies beside what was looked up for the one before: a fifth less at a million.
_OWN = f"""WITH own AS MATERIALIZED (
    SELECT phb.id, phb.person_id, phb.cohort_id, phb.agreed_on, phb.started_on, phb.ended_on, phb.is_one_off,
        phb.lives_in, phb.is_fast_track
    FROM budgets_personalhealthbudget AS phb
    WHERE {{where}} AND {stages.LOOKED_AT}
    ORDER BY phb.person_id
)"""  # noqa: S608
#: People with a budget in place, one row each; `under_method` says of which of them.
METHODS_OF_PEOPLE = f"""
    SELECT phb.person_id FROM budgets_personalhealthbudget AS phb
    LEFT JOIN budgets_methodpart AS part ON part.phb_id = phb.id AND {_IN_FORCE.format(part="part")}
    WHERE {{where}} AND {_IN_PLACE}
    GROUP BY phb.person_id
    HAVING {{under_method}}
"""  # noqa: S608
# All of England's children and joint shares at one go; of a commissioner's people and budgets each its own, whatever
# the size of the register.
_ALL_YOUNG = (
    "LEFT JOIN phb_register_person AS young ON young.id = person.person_id AND young.born_on > %(adults_born_by)s"
)
_OWN_YOUNG = """COALESCE((
    SELECT TRUE FROM phb_register_person AS young
    WHERE young.id = person.person_id AND young.born_on > %(adults_born_by)s LIMIT 1
), FALSE)"""
_JOINT_SHARES = f"""
    SELECT {{what}} FROM budgets_fundingshare AS share
    WHERE {{of}} share.percent < 100 AND {_IN_FORCE.format(part="share")}
"""  # noqa: S608
_ALL_JOINT = (
    f"LEFT JOIN ({_JOINT_SHARES.format(what='DISTINCT share.phb_id', of='')}) AS joint ON joint.phb_id = phb.id"
)
_OWN_JOINT = f"({_JOINT_SHARES.format(what='TRUE', of='share.phb_id = phb.id AND')} LIMIT 1)"
#: The stages of the budgets that count in the year, where those are not all.
_IN_YEAR = f", bit_or(CASE WHEN phb.is_one_off THEN 0 ELSE 1::bigint << {stages.AS_SQL} END) AS in_year"
# A value rather than EXISTS: within OR, PostgreSQL would read the reviews of everybody for that.
_REVIEWED = """ AND (phb.started_on >= %(reviewed_from)s OR (
    SELECT TRUE FROM budgets_review AS review
    WHERE review.phb_id = phb.id AND review.held_on BETWEEN %(reviewed_from)s AND %(as_at)s
        AND NOT EXISTS (SELECT FROM budgets_review AS further WHERE further.corrects_id = review.id)
    LIMIT 1
))"""


@dataclass(frozen=True)
class BudgetKind:
    """How many budgets there are of a cohort and kind."""

    cohort_id: int
    kind: int
    budgets: int

    @property
    def stage(self) -> int:
        """Where they stand in the quarter and year."""
        return self.kind % _ONE_OFF

    @property
    def is_one_off(self) -> bool:
        """Agreed as a one-off."""
        return bool(self.kind & _ONE_OFF)

    @property
    def is_at_home(self) -> bool:
        """Of people who live in the community."""
        return bool(self.kind & _AT_HOME)

    @property
    def is_fast_track(self) -> bool:
        """Of people on fast track."""
        return bool(self.kind & _FAST_TRACK)

    @property
    def is_joint(self) -> bool:
        """Paid for by others beside the NHS on the as-at date."""
        return bool(self.kind & _JOINT)


@dataclass(frozen=True)
class PeopleKind:
    """How many people there are with budgets of these stages, children or adults, managed in these ways."""

    methods: int
    in_year: int
    of_all: int
    is_child: bool
    people: int


@dataclass(frozen=True)
class SpellCounts:
    """What was counted, to be added up."""

    budgets: tuple[BudgetKind, ...]
    people: tuple[PeopleKind, ...]
    wheelchairs_active: int

    def budgets_at(self, among: Collection[int]) -> list[BudgetKind]:
        """The kinds of budgets at one of these stages."""
        return [each for each in self.budgets if each.stage in among]

    def people_at(self, among: Iterable[int], *, in_year: bool = False) -> list[PeopleKind]:
        """The kinds of people with a budget at one of these stages; with `in_year`, one that counts in the year."""
        wanted = sum(1 << stage for stage in among)
        return [each for each in self.people if wanted & (each.in_year if in_year else each.of_all)]


def spell_counts(scope: Counted) -> SpellCounts:
    """Count the budgets and people of a scope. The caller says as known when."""
    of_all = scope.commissioner.is_nation
    where = scope.where("phb")
    statement = _STATEMENT.format(
        first="" if of_all else _OWN.format(where=where),
        budgets="budgets_personalhealthbudget" if of_all else "own",
        where=f"{where} AND {stages.LOOKED_AT}" if of_all else "TRUE",
        is_joint="joint.phb_id IS NOT NULL" if of_all else _OWN_JOINT,
        joint=_ALL_JOINT if of_all else "",
        is_child="young.id IS NOT NULL" if of_all else _OWN_YOUNG,
        young=_ALL_YOUNG if of_all else "",
        in_year="person.of_all" if scope.policy.counts_one_off else "person.in_year",
        apart="" if scope.policy.counts_one_off else _IN_YEAR,
        wheelchair_active=wheelchair_active(scope.policy),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, scope.sql_params | stage_params(scope))
        rows = cursor.fetchall()
    return SpellCounts(
        budgets=tuple(BudgetKind(row[1], row[2], row[6]) for row in rows if row[0] == "budgets"),
        people=tuple(PeopleKind(*row[2:]) for row in rows if row[0] == "people"),
        wheelchairs_active=next(row[6] for row in rows if row[0] == "wheelchairs"),
    )


def wheelchair_active(policy: CountingPolicy) -> str:
    """The condition over `phb` that a wheelchair budget is in place and counts as active."""
    of_cohort = f"phb.cohort_id = (SELECT id FROM offers_cohort WHERE code = '{WHEELCHAIR}')"  # noqa: S608
    return f"{of_cohort} AND {_IN_PLACE}" + (_REVIEWED if policy.wheelchair_needs_review else "")


def under_method(method: str, policy: CountingPolicy) -> str:
    """The condition over a person's parts in force that the person counts under a method."""
    held = f"bit_or(CASE part.method {_METHOD_BIT} ELSE 0 END)"
    if method == m.NOT_RECORDED:
        return f"{held} = 0"
    bit = METHOD_BITS[method]
    stronger = bit - 1 if policy.breakdown == Breakdown.STRONGEST else 0
    return f"{held} & {bit + stronger} = {bit}" if stronger else f"{held} & {bit} <> 0"


def stage_params(scope: Counted) -> dict[str, object]:
    """What the conditions of stages need beside the scope's own parameters."""
    return {
        "year": stages.year_start(scope.as_at),
        "quarter": stages.quarter_start(scope.as_at),
        "reviewed_from": stages.earliest_review(scope.as_at),
    }


def people_by_method(kinds: Iterable[PeopleKind], policy: CountingPolicy) -> dict[str, int]:
    """People in place by method: each once, under the strongest, or under each that they have, as the policy says."""
    found = dict.fromkeys(Method.values, 0)
    for each in kinds:
        held = [method for method, bit in METHOD_BITS.items() if each.methods & bit] or [m.NOT_RECORDED]
        for method in held if policy.breakdown == Breakdown.EACH else held[:1]:
            found[method] = found.get(method, 0) + each.people
    return found
