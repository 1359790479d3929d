"""Minimal valid rows of the foundations. Numbers of the 999 range, which no person has."""

import datetime as dt
from collections.abc import Iterator

import factory
from nhs_number.validate import calculate_checksum

from phb_register.models import Commissioner, CommissionerKind, Membership, Person, Population, User
from phb_register.roles import Role


def synthetic_nhs_numbers() -> Iterator[str]:
    """Valid NHS numbers of the 999 range, in order; a prefix whose check digit would be 10 has none."""
    for middle in range(1_000_000):
        prefix = f"999{middle:06d}"
        check = calculate_checksum(prefix)
        if check is not None and check < 10:
            yield f"{prefix}{check}"


_numbers = synthetic_nhs_numbers()


class CommissionerFactory(factory.django.DjangoModelFactory[Commissioner]):
    """An integrated care board that has always been open."""

    class Meta:
        model = Commissioner

    code = factory.Sequence(lambda n: f"T{n:04d}")
    name = factory.Sequence(lambda n: f"Testing ICB {n}")
    kind = CommissionerKind.ICB
    opened_on = dt.date(2013, 4, 1)


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A user with no role. ``UserFactory(role=Role.PHB_TEAM, role__commissioner=x)`` gives one."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@testing.example.nhs.uk")
    full_name = factory.Sequence(lambda n: f"User Number {n}")

    @factory.post_generation
    def role(self, create: bool, role: Role | None, commissioner: Commissioner | None = None, **kwargs: object) -> None:
        """Held since 2013 for ``role__commissioner``."""
        if role is not None:
            MembershipFactory(user=self, role=role, commissioner=commissioner or CommissionerFactory())


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    """A role held since 2013."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.PHB_TEAM
    commissioner = factory.SubFactory(CommissionerFactory)
    starts_on = dt.date(2013, 4, 1)


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    """An adult with an NHS number."""

    class Meta:
        model = Person

    commissioner = factory.SubFactory(CommissionerFactory)
    nhs_number = factory.LazyFunction(lambda: next(_numbers))
    family_name = factory.Sequence(lambda n: f"Testfamily{n}")
    given_name = "Testa"
    born_on = dt.date(1970, 6, 15)


class PopulationFactory(factory.django.DjangoModelFactory[Population]):
    """A thousand people registered."""

    class Meta:
        model = Population

    commissioner = factory.SubFactory(CommissionerFactory)
    basis = "registered"
    counted_on = dt.date(2016, 4, 1)
    people = 1000
    source = "A count made for a test"
