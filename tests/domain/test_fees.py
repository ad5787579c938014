"""The processing fee, 109号: marginal tiers, one standard, and what a recorded amount says."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requestflow.domain.evaluation import Accepted
from requestflow.domain.fees import MOST, fee
from requestflow.domain.machine import Engine
from requestflow.domain.workflow import Tariff
from requestflow.errors import Refused, WrongUsage

RECEIVED = date(2026, 7, 1)
CHARGED = date(2026, 7, 6)
BY_ITEMS = {0: 0, 10: 0, 11: 100, 30: 2000, 31: 2200, 35: 3000, 40: 4000, 41: 4300, 45: 5500}
BY_PAGES = {0: 0, 30: 0, 31: 10, 100: 700, 101: 720, 150: 1700, 200: 2700, 201: 2740, 250: 4700}
WORKED = [("items", *pair) for pair in BY_ITEMS.items()] + [
    ("pages", *pair) for pair in BY_PAGES.items()
]


def tariff(engine: Engine, name: str) -> Tariff:
    return engine.workflow.fees[name]


def rate(name: str, place: int) -> int:
    """What the n-th costs, as the table of 109号 says it."""
    if name == "pages":
        return next(yuan for end, yuan in ((30, 0), (100, 10), (200, 20), (10**9, 40)) if place <= end)
    if place <= 30:
        return 0 if place <= 10 else 100
    return 200 + (place - 31) // 10 * 100


@pytest.mark.parametrize(("name", "count", "yuan"), WORKED)
def test_the_worked_values_of_the_law(engine: Engine, name: str, count: int, yuan: int) -> None:
    """Each further one is charged by the tier it falls into; what is below stays as cheap as it was."""
    assert fee(tariff(engine, name), count).yuan == yuan


@given(name=st.sampled_from(["items", "pages"]), count=st.integers(min_value=0, max_value=2000))
def test_one_more_costs_what_its_tier_says(engine: Engine, name: str, count: int) -> None:
    """The fee grows by the rate of the one that is added: so it never falls and never jumps."""
    known = tariff(engine, name)

    assert fee(known, count + 1).yuan - fee(known, count).yuan == rate(name, count + 1)


@given(name=st.sampled_from(["items", "pages"]), count=st.integers(min_value=0, max_value=MOST))
def test_the_steps_count_each_one_once(engine: Engine, name: str, count: int) -> None:
    """The steps follow one another from the first to the last, none left out, none twice."""
    steps = fee(tariff(engine, name), count).steps

    assert [step.first for step in steps] == [1, *(step.last + 1 for step in steps[:-1])][: len(steps)]
    assert sum(step.count for step in steps) == count
    assert all(one.rate < other.rate for one, other in pairwise(steps))


@pytest.mark.parametrize("count", [-1, MOST + 1])
def test_a_count_that_is_a_slip_of_the_pen_is_refused(engine: Engine, count: int) -> None:
    """Nobody asks for a hundred thousand; the arithmetic is not begun."""
    with pytest.raises(WrongUsage) as caught:
        fee(tariff(engine, "items"), count)

    assert caught.value.code == "fee_count_too_large"


@pytest.fixture
def accepted(begin: Any) -> Any:
    """A case in which a fee may be charged."""
    return begin(RECEIVED).then("accept", RECEIVED)


@pytest.mark.parametrize(("name", "count", "yuan"), [("pages", "150", 1700), ("items", "35", 3000)])
def test_an_amount_that_is_not_given_follows_from_the_tiers(
    accepted: Any, name: str, count: str, yuan: int
) -> None:
    """The clerk counts, the program works it out, and the entry says what is charged."""
    answer = accepted.answer("charge_fee", CHARGED, **{name: count})

    assert isinstance(answer, Accepted)
    assert answer.entry.data["amount"] == yuan
    assert answer.warnings == ()


def test_an_amount_that_differs_is_recorded_and_said(accepted: Any) -> None:
    """An office may charge less; that it is not what the tiers say is worth a word."""
    answer = accepted.answer("charge_fee", CHARGED, pages="150", amount="1000")

    assert isinstance(answer, Accepted)
    assert answer.entry.data["amount"] == 1000
    assert [(w.code, w.facts["computed"]) for w in answer.warnings] == [("fee_differs", 1700)]


def test_nothing_is_made_up_where_nothing_is_counted(accepted: Any) -> None:
    """Without a count the amount is the clerk's own, or there is none."""
    alone = accepted.answer("charge_fee", CHARGED, amount="100")
    none = accepted.answer("charge_fee", CHARGED)

    assert isinstance(alone, Accepted)
    assert isinstance(none, Accepted)
    assert (alone.entry.data["amount"], alone.warnings) == (100, ())
    assert "amount" not in none.entry.data


def test_two_standards_for_one_application_are_refused(accepted: Any) -> None:
    """By the request or by the page, never both (109号)."""
    answer = accepted.answer("charge_fee", CHARGED, items="35", pages="150")

    assert isinstance(answer, Refused)
    assert answer.code == "two_fee_standards"
    assert answer.facts["basis"].cite == "109号"


def test_a_correction_to_two_standards_is_refused(accepted: Any) -> None:
    """What may not be charged at once may not be put in afterwards."""
    charged = accepted.then("charge_fee", CHARGED, items="35")

    with pytest.raises(Refused) as caught:
        charged.amendment(3, pages="150")

    assert caught.value.code == "amendment_breaks"
    assert caught.value.facts["why"].code == "two_fee_standards"


def test_a_payment_is_not_taken_for_a_charge(accepted: Any) -> None:
    """What the applicant pays is recorded as it is; it is no fee to be worked out."""
    paid = accepted.then("charge_fee", CHARGED, pages="150").answer(
        "receive_payment", CHARGED, amount="5"
    )

    assert isinstance(paid, Accepted)
    assert paid.entry.data["amount"] == 5
    assert paid.warnings == ()
