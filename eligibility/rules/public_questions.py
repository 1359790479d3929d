"""How the facts are asked of the public, in the second person and without the words of the trade.

A fact that only a professional can attest is not here, and the public is not asked for it: it stays not known.
"""

from dataclasses import dataclass, field

from .fact_types import Fact


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """One question: its words, a hint, and the words of its answers where they differ from a professional's."""

    question: str
    hint: str = ""
    answers: dict[str, str] = field(default_factory=dict)


_ASSESSED = {
    "eligible": "Yes, the NHS decided that I can have it",
    "not_eligible": "No, the NHS decided that I cannot",
}

PUBLIC_QUESTIONS: dict[str, PublicQuestion] = {
    "chc": PublicQuestion(
        "Do you have NHS continuing healthcare (CHC)?",
        "This is a package of care outside hospital that the NHS arranges and pays for in full. You would have been "
        "assessed for it and had a letter with the decision.",
        _ASSESSED,
    ),
    "chc_fast_track": PublicQuestion(
        "Did you get NHS continuing healthcare through the fast track?",
        "The fast track is for people whose health is getting worse quickly and who may be near the end of life.",
    ),
    "continuing_care": PublicQuestion(
        "Do you have children and young people’s continuing care?",
        "This is extra care from the NHS for people under 18 with very complex health needs.",
        _ASSESSED,
    ),
    "s117_aftercare": PublicQuestion(
        "Do you get section 117 after-care?",
        "This is free help after you have been kept in hospital under certain sections of the Mental Health Act.",
    ),
    "wheelchair_need": PublicQuestion(
        "Do you need a wheelchair from the NHS?",
        answers={
            "none": "No",
            "short_term": "Yes, but only for a short time",
            "long_term": "Yes, for a long time",
        },
    ),
    "learning_disability": PublicQuestion("Do you have a learning disability?"),
    "autism": PublicQuestion("Are you autistic?"),
    "needs_above_local_authority": PublicQuestion(
        "Has somebody told you that your health needs are more than your council can provide for?",
        "This would have been said when your care was assessed.",
    ),
    "inpatient": PublicQuestion("Are you staying in hospital now?"),
    "mental_health_act_section": PublicQuestion(
        "Are you under a section of the Mental Health Act?",
        "It is in the papers the hospital gave you. Choose none if no section applies.",
    ),
    "fit_for_discharge": PublicQuestion("Has the hospital said that you are well enough to leave?"),
    "could_live_in_community": PublicQuestion("Could you live outside hospital with the right support?"),
    "under_paediatrician": PublicQuestion(
        "Do you regularly see a paediatrician?", "This is a doctor for children, in hospital or in the community."
    ),
    "under_camhs_consultant": PublicQuestion(
        "Do you regularly see a consultant of CAMHS?", "CAMHS is child and adolescent mental health services."
    ),
    "ehc_plan": PublicQuestion(
        "Do you have an education, health and care (EHC) plan?",
        "This is a plan from the council for people under 25 who need more support than their school can give.",
    ),
    "mental_health_need": PublicQuestion("Do you have a mental health condition that you need help with?"),
    "long_term_condition": PublicQuestion(
        "Do you have a long-term health condition?", "For example, one that can be treated but not cured."
    ),
    "diabetes": PublicQuestion("Do you have diabetes?"),
    "services_not_working": PublicQuestion(
        "Have you tried the usual health services, and did they not meet your needs?",
        "For example, you often had to go into hospital, or could not use the care in the way it was offered.",
    ),
    "end_of_life": PublicQuestion(
        "Has a professional told you that you may be in the last year of your life?",
        "You do not have to answer. Choose “I do not know” to leave this out.",
    ),
}

# Only a professional can say these, so the public is not asked; the answer names them where they could change it.
FOR_PROFESSIONALS: frozenset[str] = frozenset({"high_level_domains", "may_benefit"})


def public_label(fact: Fact, value: str) -> str:
    """The words of one answer of a choice."""
    words = PUBLIC_QUESTIONS[fact.code].answers
    return words.get(value) or next(choice.label for choice in fact.choices if choice.value == value)
