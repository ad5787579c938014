"""What a review or suit is held to: by itself, beside the answer it is about, and among the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from requestflow.domain.disputes import Dispute, DisputeKind
from requestflow.domain.workflow import Outcome
from requestflow.errors import NotFound, Refused


@dataclass(frozen=True, slots=True)
class DisputedAnswer:
    """An application as a dispute finds it.

    `answered` is the day of its first result, whichever of several the annual table counts: what was
    disputed then stays so when the case is opened again. `silent` says that on the day of filing the
    answer was overdue, which may be disputed too (条例33, 51);
    `review_first` is the outcome in force then, where a review has to come before a suit.
    """

    number: str
    void: bool
    answered: date | None
    silent: bool
    review_first: Outcome | None


def find_dispute(known: Mapping[str, Dispute], number: str) -> Dispute:
    """The dispute of that number.

    Raises:
        NotFound: `dispute_unknown`, with numbers that are near.
    """
    if number not in known:
        near = [one for one in known if one.startswith(number[:-1])] if number else []
        raise NotFound("dispute_unknown", dispute=number, near=near[:3] or list(known)[:3])
    return known[number]


def _days(dispute: Dispute, today: date) -> Iterator[Refused]:
    """What has not happened is not recorded, and nothing ends before it began."""
    for day in (dispute.filed, dispute.closed):
        if day is not None and day > today:
            yield Refused("day_in_future", day=day, today=today)
    if dispute.closed is not None and dispute.closed < dispute.filed:
        yield Refused("dispute_closed_before_filed", closed=dispute.closed, filed=dispute.filed)
    if (dispute.result is None) != (dispute.closed is None):
        yield Refused("dispute_half_closed", dispute=dispute.number)


def _about(dispute: Dispute, answer: DisputedAnswer | None) -> Iterator[Refused]:
    """A dispute is about an answer that was there by its filing, or overdue on that day."""
    if answer is None:
        return
    if answer.void:
        yield Refused("dispute_of_void", number=answer.number)
    elif answer.silent:
        return
    elif answer.answered is None:
        yield Refused("dispute_before_answer", number=answer.number, filed=dispute.filed)
    elif dispute.filed < answer.answered:
        yield Refused("dispute_filed_early", filed=dispute.filed, concluded=answer.answered,
                      number=answer.number)  # fmt: skip


def review_of(dispute: Dispute, known: Mapping[str, Dispute]) -> Dispute | None:
    """The review that a suit follows: the one it names, else the last closed one on its application."""
    if dispute.review is not None:
        return find_dispute(known, dispute.review)
    fitting = [
        one
        for one in known.values()
        if dispute.application is not None
        and one.application == dispute.application
        and one.kind == DisputeKind.REVIEW
        and not one.void
        and one.closed is not None
    ]
    return fitting[-1] if fitting else None


def _after_review(dispute: Dispute, known: Mapping[str, Dispute]) -> Iterator[Refused]:
    """A suit after a review follows a review that was decided; no other dispute names one."""
    if dispute.kind != DisputeKind.SUIT_AFTER_REVIEW:
        if dispute.review is not None:
            yield Refused("review_of_no_suit", dispute=dispute.number)
        return
    review = review_of(dispute, known)
    if review is None:
        if dispute.application is not None:
            yield Refused("suit_without_review", number=dispute.application)
        return
    usable = review.kind == DisputeKind.REVIEW and not review.void and review.closed is not None
    if not usable or review.application != dispute.application:
        yield Refused("review_not_closed", review=review.number)
    elif review.closed is not None and dispute.filed < review.closed:
        yield Refused("suit_before_review_decision", filed=dispute.filed, closed=review.closed,
                      review=review.number)  # fmt: skip


def _twice(dispute: Dispute, known: Mapping[str, Dispute]) -> Iterator[Refused]:
    """An application has no two pending disputes of one kind."""
    for one in known.values():
        same = one.application == dispute.application and one.kind == dispute.kind
        pending = one.closed is None and not one.void and dispute.closed is None
        if dispute.application and same and pending and one.number != dispute.number:
            yield Refused("dispute_open_already", dispute=one.number, number=dispute.application)


def faults(
    dispute: Dispute, answer: DisputedAnswer | None, known: Mapping[str, Dispute], today: date
) -> Iterator[Refused]:
    """Everything that is wrong with a dispute, by itself and among the others."""
    if dispute.void:
        return
    yield from _days(dispute, today)
    yield from _about(dispute, answer)
    yield from _after_review(dispute, known)
    yield from _twice(dispute, known)
    if not dispute.counted and dispute.application is not None:
        yield Refused("co_defendant_of_own", number=dispute.application)
