"""The words for the switches of the counting policy that govern measures."""

from reporting.rules.counting import switch_words

#: Whether a budget counts at all.
EVERYWHERE = f"{switch_words('counts_notional')}, {switch_words('counts_joint')}"
#: Whether it counts in the year.
IN_THE_YEAR = f"{EVERYWHERE}, {switch_words('counts_one_off')}"
