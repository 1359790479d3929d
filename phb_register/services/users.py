"""Users and their memberships."""

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from phb_register import audit
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Membership, User
from phb_register.roles import Permission, Role
from phb_register.scope import check


@transaction.atomic
def invite_user(*, email: str, full_name: str, by: User | None, password_hash: str = "") -> User:
    """Make a user, or give back the one with this e-mail address. ``by`` is None for set-up at the console.

    Without the hash of a password the user sets their own through "forgotten password".
    """
    user, is_new = User.objects.get_or_create(email=email.strip().lower(), defaults={"full_name": full_name.strip()})
    if is_new:
        user.password = password_hash or make_password(None)
        user.save(update_fields=["password"])
        audit.record(actor=by, action="invite-user", subject=user)
    return user


@transaction.atomic
def give_membership(
    *, user: User, role: Role | str, commissioner: Commissioner, starts_on: dt.date, by: User | None
) -> Membership:
    """Give a user a role for a commissioner or partnership, from a date. ``by`` is None at the console only.

    Nobody gives a role to themselves, so that an administrator cannot reach people's records alone.
    """
    if by is not None:
        check(by, Permission.MANAGE_USERS, commissioner)
        if by.pk == user.pk:
            raise Refused("Ask another administrator: nobody changes their own roles")
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, role=role, commissioner=commissioner, starts_on=starts_on)
    except IntegrityError as fault:
        raise Refused(f"{user} has that role for {commissioner} already", field="role") from fault
    audit.record(
        actor=by,
        action="give-membership",
        subject=membership,
        detail={"user": user.pk, "role": str(role), "starts_on": starts_on.isoformat()},
    )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, ends_on: dt.date, by: User) -> Membership:
    """Take a role away from ``ends_on``, its first day without."""
    locked = Membership.objects.select_for_update().select_related("commissioner").get(pk=membership.pk)
    check(by, Permission.MANAGE_USERS, locked.commissioner)
    if by.pk == locked.user_id:
        raise Refused("Ask another administrator: nobody changes their own roles")
    if ends_on < locked.starts_on:
        raise Refused("The end date must be on or after the start date", field="ends_on")
    locked.ends_on = ends_on
    locked.save(update_fields=["ends_on"])
    audit.record(
        actor=by,
        action="end-membership",
        subject=locked,
        detail={"user": locked.user_id, "role": locked.role},
    )
    return locked


@transaction.atomic
def give_role(
    *, email: str, full_name: str, role: Role | str, commissioner: Commissioner, starts_on: dt.date, by: User
) -> User:
    """Give a role to the user with this e-mail address, making the user first where there is none."""
    check(by, Permission.MANAGE_USERS, commissioner)
    user = invite_user(email=email, full_name=full_name, by=by)
    give_membership(user=user, role=role, commissioner=commissioner, starts_on=starts_on, by=by)
    return user
