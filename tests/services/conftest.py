"""A sample office of some hundred applications, moved about by seeded dice."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from requestflow.bootstrap import open_office
from requestflow.errors import RequestflowError
from requestflow.services.intake import Registration, register
from requestflow.services.office import Office
from requestflow.services.processing import Step, transition, void
from requestflow.services.upkeep import init

SEED = 33  # the article on the time for an answer
FIRST = date(2025, 10, 9)
SPAN = 400  # days over which applications come in
LAST = date(2026, 11, 24)
CASES = 60
STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("accept", {}),
    ("request_correction", {"days": "10"}),
    ("receive_correction", {}),
    ("lapse_correction", {}),
    ("consult_third_party", {"party": "甲公司"}),
    ("conclude_third_party", {}),
    ("consult_organ", {"party": "乙局"}),
    ("conclude_organ", {}),
    ("request_reasons", {}),
    ("receive_reasons", {"reasonable": "是"}),
    ("extend", {"days": "5"}),
    ("charge_fee", {"pages": "150"}),
    ("receive_payment", {}),
    ("lapse_payment", {}),
    ("withdraw", {}),
    ("decide", {"outcome": "disclosed.provided"}),
    ("decide", {"outcome": "withheld.third_party"}),
    ("decide", {"outcome": "unable.still_unclear"}),
    ("deliver", {}),
    ("reopen", {"cause": "review"}),
)


def _live(office: Office, dice: random.Random, number: str, received: date) -> None:
    """Makes whatever steps are lawful, on later and later days."""
    day = received
    for _turn in range(dice.randrange(40)):
        name, given = dice.choice(STEPS)
        day = min(day + timedelta(days=dice.choice((0, 0, 0, 1, 2, 5))), LAST)
        try:
            transition(office, number, Step(name, given, on=day, by="head"))
        except RequestflowError:
            continue


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office in which sixty applications have gone their ways, a few of them voided; to look at."""
    office = open_office(init(tmp_path_factory.mktemp("busy"), "示例县发展和改革局"), LAST)
    dice = random.Random(SEED)
    kinds, channels = list(office.kinds), list(office.workflow.channels)
    for place in range(CASES):
        received = min(FIRST + timedelta(days=dice.randrange(SPAN)), LAST)
        wanted = Registration(
            dice.choice(kinds),
            dice.choice(channels),
            received,
            f"第{place}件",
            {"name": f"申请人{place}"},
        )
        number = register(office, wanted).case.application.number
        _live(office, dice, number, received)
        if place % 11 == 0:
            void(office, number, "误登", None)
    return office


@pytest.fixture
def days() -> Callable[[date, date, int], list[Any]]:
    """Every n-th day between two."""

    def call(first: date, last: date, stride: int) -> list[Any]:
        count = (last - first).days // stride
        return [first + timedelta(days=place * stride) for place in range(count + 1)]

    return call
