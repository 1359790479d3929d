"""The people behind a figure: the very rows it counts, for those who may see them."""

from django.db.models import QuerySet

from budgets.models import PersonalHealthBudgetQuerySet
from phb_register.dates import financial_year
from phb_register.models import Person
from reporting import measures as m
from reporting.selectors.figures import RANKS, chc_in_community, people_by_rank
from reporting.selectors.scope import Counted


def budgets_behind(measure: m.Measure, scope: Counted, *, cohort_code: str = "") -> PersonalHealthBudgetQuerySet:
    """The budgets that a measure of budgets counts, one row each. Raises `KeyError` for a measure of people."""
    as_at, spells = scope.as_at, scope.spells()
    rows: PersonalHealthBudgetQuerySet = {
        m.PHBS_IN_PLACE.code: lambda: spells.in_place_on(as_at),
        m.BY_COHORT.code: lambda: spells.in_place_on(as_at),
        m.PHBS_AGREED.code: lambda: spells.agreed_on_date(as_at),
        m.CHC_UPTAKE_INCLUDING_FAST_TRACK.code: lambda: chc_in_community(spells, as_at),
        m.CHC_UPTAKE_EXCLUDING_FAST_TRACK.code: lambda: chc_in_community(spells, as_at).filter(is_fast_track=False),
    }[measure.code]()
    if cohort_code:
        rows = rows.filter(cohort__code=cohort_code)
    return rows.for_display().order_by("person__family_name", "person__given_name", "pk")


def people_behind(measure: m.Measure, scope: Counted, *, method: str = "") -> QuerySet[Person]:
    """The people that a measure of people counts, one row each. Raises `KeyError` for a measure of budgets."""
    as_at, spells = scope.as_at, scope.spells()
    in_place = spells.in_place_on(as_at)
    counted: PersonalHealthBudgetQuerySet = {
        m.PEOPLE_IN_PLACE.code: lambda: in_place,
        m.CHILDREN_IN_PLACE.code: lambda: in_place.of_children_on(as_at),
        m.ADULTS_IN_PLACE.code: lambda: in_place.of_adults_on(as_at),
        m.BY_METHOD.code: lambda: in_place,
        m.PEOPLE_YEAR_TO_DATE.code: lambda: spells.in_place_between(financial_year(as_at).start, as_at),
    }[measure.code]()
    ids = counted.values("person_id")
    if measure is m.BY_METHOD and method:
        rank = RANKS.get(method, 0)
        ids = people_by_rank(spells, as_at).filter(rank=rank).values("person_id")
    return Person.objects.filter(pk__in=ids).select_related("commissioner").order_by("family_name", "given_name", "pk")
