"""Who may do what, where: every role, in every state, for every transition, against one table.

The two tables below are written by hand from the Regulation, not read from the workflow file: a state,
transition or role that somebody adds there without adding it here fails.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from requestflow.domain.entries import GENESIS, chained_digest, personal_digest
from requestflow.domain.evaluation import Accepted
from requestflow.domain.machine import Engine
from requestflow.errors import Refused

RECEIVED = date(2026, 7, 1)  # 15 working days end on 22 July, 20 on 29 July
ACCEPTED = date(2026, 7, 2)
ASKED = date(2026, 7, 6)
ANSWERED = date(2026, 7, 8)
THEN = date(2026, 7, 10)  # before every limit has run out
LAPSED = date(2026, 8, 31)  # after every limit has run out

# state -> the transitions that leave it
LEAVES: Mapping[str, frozenset[str]] = {
    "received": frozenset({"accept", "withdraw", "carry_over"}),
    "under_review": frozenset(
        {
            "request_correction", "consult_third_party", "consult_organ", "request_reasons",
            "extend", "postpone", "charge_fee", "withdraw", "decide", "carry_over",
        }
    ),
    "awaiting_correction": frozenset(
        {"receive_correction", "lapse_correction", "extend", "withdraw", "carry_over"}
    ),
    "consulting": frozenset(
        {
            "consult_third_party", "conclude_third_party", "consult_organ", "conclude_organ",
            "extend", "withdraw", "carry_over",
        }
    ),
    "awaiting_reasons": frozenset(
        {"receive_reasons", "extend", "withdraw", "decide", "carry_over"}
    ),
    "awaiting_payment": frozenset({"receive_payment", "lapse_payment", "withdraw", "carry_over"}),
    "decided": frozenset({"deliver", "reopen"}),
    "closed": frozenset({"reopen"}),
}  # fmt: skip

# transition -> the roles that may make it
BOTH = frozenset({"clerk", "head"})
MAY: Mapping[str, frozenset[str]] = {
    "accept": BOTH,
    "request_correction": BOTH,
    "receive_correction": BOTH,
    "lapse_correction": BOTH,
    "consult_third_party": BOTH,
    "conclude_third_party": BOTH,
    "consult_organ": BOTH,
    "conclude_organ": BOTH,
    "request_reasons": BOTH,
    "receive_reasons": BOTH,
    "extend": frozenset({"head"}),
    "postpone": BOTH,
    "charge_fee": BOTH,
    "receive_payment": BOTH,
    "lapse_payment": BOTH,
    "withdraw": BOTH,
    "decide": BOTH,
    "deliver": BOTH,
    "reopen": BOTH,
    "carry_over": frozenset({"year_close"}),
}

# state -> real steps that lead there, under_review with everything on file that any step needs
PATHS: Mapping[str, tuple[tuple[str, date, dict[str, str]], ...]] = {
    "received": (),
    "under_review": (
        ("accept", ACCEPTED, {}),
        ("request_reasons", ASKED, {}),
        ("receive_reasons", ANSWERED, {"reasonable": "yes"}),
    ),
    "awaiting_correction": (("accept", ACCEPTED, {}), ("request_correction", ASKED, {})),
    "consulting": (
        ("accept", ACCEPTED, {}),
        ("consult_third_party", ASKED, {"party": "甲公司"}),
        ("consult_organ", ASKED, {"party": "县财政局"}),
    ),
    "awaiting_reasons": (("accept", ACCEPTED, {}), ("request_reasons", ASKED, {})),
    "awaiting_payment": (("accept", ACCEPTED, {}), ("charge_fee", ASKED, {})),
    "decided": (("accept", ACCEPTED, {}), ("decide", ASKED, {"outcome": "partial"})),
    "closed": (
        ("accept", ACCEPTED, {}),
        ("decide", ASKED, {"outcome": "partial"}),
        ("deliver", ASKED, {}),
    ),
}

# what a transition is given where the bare step would lack something
GIVEN: Mapping[str, dict[str, str]] = {
    "extend": {"days": "5"},
    "postpone": {"until": "2026-08-31"},
    "decide": {"outcome": "disclosed.provided"},
    "carry_over": {"year": "2027"},
    "consult_third_party": {"party": "乙公司"},
    "consult_organ": {"party": "县档案馆"},
}
WHEN: Mapping[str, date] = {"lapse_correction": LAPSED, "lapse_payment": LAPSED}


def _bytes(story: Any) -> list[str]:
    """The history as the chain would have it: one digest an entry, over every byte of it."""
    found, previous = [], GENESIS
    for sequence, entry in enumerate(story.case.history, start=1):
        personal = personal_digest("salt", entry.personal) if entry.personal else None
        previous = chained_digest(previous, sequence, "2026-0001", entry, personal)
        found.append(previous)
    return found


def _tale(begin: Any, state: str) -> Any:
    story = begin(RECEIVED)
    for name, on, facts in PATHS[state]:
        story = story.then(name, on, **facts)
    assert story.case.standing.state == state
    return story


def _verdict(state: str, transition: str, role: str) -> str:
    if transition not in LEAVES[state]:
        return "not_open_here"
    return "allowed" if role in MAY[transition] else "role_not_allowed"


def test_the_table_speaks_of_all_there_is(engine: Engine) -> None:
    """Every state, transition and role of the workflow stands in the table, and no other."""
    workflow = engine.workflow
    assert set(LEAVES) == set(workflow.states) == set(PATHS)
    assert set(MAY) == set(workflow.transitions)
    assert frozenset.union(*MAY.values()) == set(workflow.roles)
    assert frozenset.union(*LEAVES.values()) == set(MAY)


@pytest.mark.parametrize("role", ["clerk", "head", "year_close"])
@pytest.mark.parametrize("state", list(LEAVES))
def test_in_each_state_each_role_may_do_this_and_nothing_else(
    begin: Any, engine: Engine, state: str, role: str
) -> None:
    """A transition is allowed where the table says so, to whom it says so, and refused elsewhere."""
    story = _tale(begin, state)
    before = _bytes(story)
    expected, actual = {}, {}
    for name in engine.workflow.transitions:
        answer = story.answer(name, WHEN.get(name, THEN), role, **GIVEN.get(name, {}))
        expected[name] = _verdict(state, name, role)
        actual[name] = "allowed" if isinstance(answer, Accepted) else answer.code
        assert _bytes(story) == before  # asking changes nothing, a refusal least of all
    assert actual == expected


@pytest.mark.parametrize("state", list(LEAVES))
def test_a_role_nobody_has_may_do_nothing(begin: Any, engine: Engine, state: str) -> None:
    """Who holds none of a transition's roles is refused, in every state."""
    story = _tale(begin, state)
    for name in engine.workflow.transitions:
        answer = story.answer(name, WHEN.get(name, THEN), "visitor", **GIVEN.get(name, {}))
        assert isinstance(answer, Refused)


@pytest.mark.parametrize("state", list(LEAVES))
def test_a_void_registration_moves_no_more(begin: Any, engine: Engine, state: str) -> None:
    """A registration taken out is refused every transition, in whatever state it stands."""
    story = _tale(begin, state).voided()
    for name in engine.workflow.transitions:
        for role in engine.workflow.roles:
            answer = story.answer(name, WHEN.get(name, THEN), role, **GIVEN.get(name, {}))
            assert isinstance(answer, Refused)
            assert answer.code == "application_void"


@pytest.mark.parametrize("state", list(LEAVES))
def test_an_allowed_transition_adds_one_entry_and_touches_no_other(
    begin: Any, engine: Engine, state: str
) -> None:
    """What is allowed adds one entry, and leaves every earlier one byte for byte."""
    story = _tale(begin, state)
    before = _bytes(story)
    for name in sorted(LEAVES[state]):
        role = min(MAY[name])
        after = story.then(name, WHEN.get(name, THEN), role, **GIVEN.get(name, {}))
        assert _bytes(after)[:-1] == before
        last = after.case.history[-1]
        assert (last.number, last.from_state) == (len(before) + 1, state)
        assert last.to_state in engine.workflow.states
