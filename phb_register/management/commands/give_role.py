"""Gives a user a role from the console: the way the first administrator of an installation comes in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from phb_register import clock
from phb_register.exceptions import Refused
from phb_register.models import Commissioner
from phb_register.roles import Role
from phb_register.services.users import give_membership, invite_user


class Command(BaseCommand):
    help = "Give a user a role for a commissioner or partnership, from today; the user is made if there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The user, the role and for whom."""
        parser.add_argument("email", help="The user's e-mail address.")
        parser.add_argument("full_name", help="The user's full name, in quotation marks.")
        parser.add_argument("role", choices=Role.values, help="What they will do.")
        parser.add_argument("commissioner", help="The code of the commissioner or partnership, such as QK1 or LLR.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the user where there is none, then give the role."""
        commissioner = Commissioner.objects.filter(code=options["commissioner"]).first()
        if commissioner is None:
            code = options["commissioner"]
            raise CommandError(f"No commissioner or partnership has the code {code}. Use its ODS code")
        user = invite_user(email=options["email"], full_name=options["full_name"], by=None)
        try:
            give_membership(
                user=user, role=options["role"], commissioner=commissioner, starts_on=clock.today(), by=None
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.email} is {Role(options['role']).label} for {commissioner}.")
        if not user.has_usable_password():
            self.stdout.write("They set their password through “Forgotten your password?” on the sign-in page.")
