"""Small pure rules about people: NHS numbers, ages, postcodes."""

import datetime as dt
import re

from nhs_number.validate import calculate_checksum

SYNTHETIC_PREFIX = "999"
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


def normal_postcode(text: str) -> str | None:
    """A postcode in capitals with its space, or None if it is not one."""
    squeezed = re.sub(r"\s", "", text).upper()
    spaced = f"{squeezed[:-3]} {squeezed[-3:]}"
    return spaced if POSTCODE.fullmatch(spaced) else None


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Age in whole years at the end of ``day``; somebody born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
