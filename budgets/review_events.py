"""What is told of reviews on a person's timeline."""

from collections.abc import Iterator

from budgets.presenters.reviews import outcome_words, review_url, reviews_url
from budgets.selectors.reviews import person_requests, person_reviews
from phb_register.models import Person, User
from phb_register.roles import Permission
from phb_register.slots import TimelineEvent, TimelineSource


def review_events(user: User, person: Person) -> Iterator[TimelineEvent]:
    """Every review held, and everything after which one was asked for. Two reads."""
    for review in person_reviews(user, person):
        corrects = f", which corrects review {review.corrects.number}" if review.corrects else ""
        yield TimelineEvent(
            on=review.held_on,
            title=f"{review.get_kind_display()} held{corrects}",
            text=f"{review.phb.cohort.name}. {outcome_words(review)}",
            by=str(review.held_by),
            url=review_url(review),
            recorded_at=review.recorded_at,
            about=review.phb,
        )
    for request in person_requests(user, person):
        yield TimelineEvent(
            on=request.asked_on,
            title="Review asked for before its time",
            text=f"{request.phb.cohort.name}. {request.get_reason_display()}",
            by=str(request.asked_by),
            url=reviews_url(request.phb),
            recorded_at=request.recorded_at,
            about=request.phb,
        )


TIMELINE = TimelineSource("Reviews of budgets", Permission.VIEW_BUDGETS, review_events, order=56)
