"""Small pure rules about people: NHS numbers, ages, postcodes."""

import calendar
import datetime as dt
import re

from nhs_number.validate import calculate_checksum

# Ages at which another rule begins to apply: consent to direct payments (regulations 3 and 4 of SI 2013/1617), CHC in
# place of continuing care for children (SI 2012/2996), the end of an EHC plan (Children and Families Act 2014, s. 46).
REVIEWED_AGES = (16, 18, 25)
# GP-style postcodes and the NHS pseudo-postcodes (ZZ99 3WZ unknown, ZZ99 3VZ no fixed abode), which a library for
# geographic postcodes refuses.
POSTCODE = re.compile(r"^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$")


def nhs_number_digits(text: str) -> str:
    """``text`` without the spaces and dashes people type between the groups of an NHS number."""
    return re.sub(r"[\s\-\u2010-\u2015]", "", text)


def nhs_number_fault(text: str) -> str | None:
    """What is wrong with an NHS number, as a sentence with its remedy; None if nothing is.

    Ten digits, the last of them the modulus 11 check of the others. Repeated digits (1111111111) pass that check,
    and are refused because no NHS number looks so.
    """
    digits = nhs_number_digits(text)
    if not digits.isascii() or not digits.isdigit() or len(digits) != 10:
        return "NHS number must be 10 digits, like 999 000 0018"
    if len(set(digits)) == 1 or calculate_checksum(digits[:9]) != int(digits[9]):
        return "This is not a valid NHS number. Check each digit against the record it came from"
    return None


def nhs_number_in_groups(nhs_number: str) -> str:
    """An NHS number of ten digits as people read it: 3-3-4."""
    return f"{nhs_number[:3]} {nhs_number[3:6]} {nhs_number[6:]}"


def display_name(family_name: str, given_name: str) -> str:
    """Family name in capitals first, as NHS records are read aloud: ``KESTREL, Testa``."""
    return f"{family_name.upper()}, {given_name}"


def normal_postcode(text: str) -> str | None:
    """A postcode in capitals with its space, or None if it is not one."""
    squeezed = re.sub(r"\s", "", text).upper()
    spaced = f"{squeezed[:-3]} {squeezed[-3:]}"
    return spaced if POSTCODE.fullmatch(spaced) else None


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Age in whole years at the end of ``day``; somebody born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def birthday_on(born_on: dt.date, age: int) -> dt.date:
    """The day on which somebody becomes ``age``; 1 March for a 29 February where the year has none, as ``age_on``."""
    year = born_on.year + age
    if (born_on.month, born_on.day) == (2, 29) and not calendar.isleap(year):
        return dt.date(year, 3, 1)
    return born_on.replace(year=year)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months on; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def latest_birth_for(age: int, day: dt.date) -> dt.date:
    """The latest date of birth of those who are ``age`` or more on ``day``."""
    year = day.year - age
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return dt.date(year, 2, 28)
    return day.replace(year=year)


def dates_like(day: dt.date) -> list[dt.date]:
    """A date, and the one it may have been typed for: day and month the other way round, where that is a date."""
    if day.day <= 12 and day.day != day.month:
        return [day, dt.date(day.year, day.day, day.month)]
    return [day]
