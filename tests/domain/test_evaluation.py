"""May this be done? The same answer for `next` and `transition`; and corrections, walked anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from requestflow.domain.case import replay
from requestflow.domain.evaluation import Accepted, openings
from requestflow.domain.guards import EarlierReply
from requestflow.errors import Refused, WrongUsage

RECEIVED = date(2026, 7, 1)
DUE = date(2026, 7, 29)
ACCEPTED = date(2026, 7, 2)
ASKED = date(2026, 7, 6)
ANSWERED = date(2026, 7, 8)
DAYS = (date(2026, 7, 10), DUE, date(2026, 7, 30), date(2026, 8, 31))
ROLES = frozenset({"clerk", "head"})

PATHS: Mapping[str, tuple[tuple[str, date, dict[str, str]], ...]] = {
    "registered": (),
    "accepted": (("accept", ACCEPTED, {}),),
    "reasons are in": (
        ("accept", ACCEPTED, {}),
        ("request_reasons", ASKED, {}),
        ("receive_reasons", ANSWERED, {"reasonable": "yes"}),
    ),
    "to be corrected": (("accept", ACCEPTED, {}), ("request_correction", ASKED, {})),
    "corrected": (
        ("accept", ACCEPTED, {}),
        ("request_correction", ASKED, {}),
        ("receive_correction", ANSWERED, {}),
    ),
    "third party asked": (("accept", ACCEPTED, {}), ("consult_third_party", ASKED, {})),
    "two asked": (
        ("accept", ACCEPTED, {}),
        ("consult_third_party", ASKED, {"party": "甲公司"}),
        ("consult_organ", ASKED, {"party": "县财政局"}),
    ),
    "to be paid": (("accept", ACCEPTED, {}), ("charge_fee", ASKED, {})),
    "reasons asked": (("accept", ACCEPTED, {}), ("request_reasons", ASKED, {})),
    "decided": (("accept", ACCEPTED, {}), ("decide", ASKED, {"outcome": "partial"})),
    "closed": (("accept", ACCEPTED, {}), ("withdraw", ASKED, {})),
}
GIVEN: Mapping[str, dict[str, str]] = {
    "postpone": {"until": "2026-12-31"},
    "decide": {"outcome": "disclosed.provided"},
    "carry_over": {"year": "2027"},
    "consult_third_party": {"party": "乙公司"},
    "consult_organ": {"party": "县档案馆"},
}


def tale(begin, path: str, today: date):
    """A case that has come along a path, seen on a day."""
    story = begin(RECEIVED, today=today)
    for name, on, facts in PATHS[path]:
        story = story.then(name, on, **facts)
    return story


def refusal(story, entry: int, **wish: object) -> Refused:
    """The refusal of a correction."""
    with pytest.raises(Refused) as refused:
        story.amendment(entry, **wish)
    return refused.value


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("path", PATHS)
def test_what_next_says_is_what_transition_does(begin, path: str, today: date) -> None:
    """An open transition is accepted once its facts are given; a closed one is refused for that reason."""
    story = tale(begin, path, today)
    for opening in openings(story.case, today, story.engine, ROLES):
        name = opening.act.name
        role = next((role for role in opening.act.by if role in ROLES), "clerk")
        answer = story.answer(name, today, role, **GIVEN.get(name, {}))
        if opening.refused is None:
            assert isinstance(answer, Accepted), (name, answer)
        else:
            assert isinstance(answer, Refused), name
            closed = opening.refused.code.replace("role_not_in_office", "role_not_allowed")
            assert answer.code == closed, name


def test_next_speaks_of_every_transition(begin, engine) -> None:
    """`next` names each transition of the workflow once, in its order."""
    story = tale(begin, "accepted", DUE)
    found = openings(story.case, DUE, engine, ROLES)
    assert [opening.act.name for opening in found] == list(engine.workflow.transitions)


def test_next_says_what_is_still_needed(begin) -> None:
    """An open transition names the facts that must be given, and no others."""
    story = tale(begin, "reasons are in", DAYS[0])
    found = openings(story.case, DAYS[0], story.engine, ROLES)
    needed = {o.act.name: [fact.name for fact in o.needs] for o in found if o.needs and not o.refused}
    assert needed == {"postpone": ["until"], "decide": ["outcome"]}


def test_next_leaves_out_what_nobody_of_the_office_may_do(begin) -> None:
    """A step whose role nobody of the office holds is closed, and says whose it is."""
    story = tale(begin, "accepted", DAYS[0])
    found = {o.act.name: o for o in openings(story.case, DAYS[0], story.engine, frozenset({"clerk"}))}
    for name in ("extend", "carry_over"):
        refused = found[name].refused
        assert refused is not None
        assert refused.code == "role_not_in_office"
    assert found["decide"].refused is None


def test_an_accepted_proposal_becomes_the_next_entry(begin, now) -> None:
    """The entry has the next number, the states before and after, the rules it was made under."""
    story = tale(begin, "accepted", DUE)
    answer = story.answer("consult_third_party", ASKED, party="甲公司", reason="涉及商业秘密")
    assert isinstance(answer, Accepted)
    entry = answer.entry
    assert (entry.number, entry.from_state, entry.to_state) == (3, "under_review", "consulting")
    assert (entry.on, entry.recorded_at, entry.by) == (ASKED, now, "clerk")
    assert (entry.data, entry.personal) == ({"reason": "涉及商业秘密"}, {"party": "甲公司"})
    assert entry.rules == story.engine.workflow.stamp


def test_an_opinion_names_the_letter_it_concludes(begin) -> None:
    """The entry of an opinion holds the number of the letter that it answers."""
    told = tale(begin, "two asked", DUE).then("conclude_organ", ANSWERED)
    assert told.case.history[-1].data["concludes"] == 4


def test_a_step_without_a_registration_is_never_late(begin) -> None:
    """Where no clock runs, there is no day to be late for."""
    story = tale(begin, "accepted", DUE)
    torn = replay("2026-0001", story.case.history[1:], story.engine.rules)
    answer = replace(story, case=torn).answer("request_reasons", DUE)
    assert isinstance(answer, Accepted)
    assert answer.warnings == ()


# Corrections


@pytest.mark.parametrize(
    ("path", "entry", "there", "back"),
    [
        ("accepted", 1, {"subject": "决算"}, {"subject": "预算"}),
        ("accepted", 1, {"received": "2026-06-30"}, {"received": "2026-07-01"}),
        ("accepted", 1, {"on": "2026-06-30"}, {"on": "2026-07-01"}),
        ("accepted", 1, {"submitted": "2026-06-30"}, {"submitted": ""}),
        ("accepted", 1, {"address": "某街1号"}, {"address": ""}),
        ("accepted", 1, {"id_number": ""}, {"id_number": "110101199003070000"}),
        ("accepted", 2, {"on": "2026-07-01"}, {"on": "2026-07-02"}),
        ("accepted", 2, {"reason": "补记"}, {"reason": ""}),
        ("to be corrected", 3, {"days": "5"}, {"days": "15"}),
        ("to be corrected", 3, {"until": "2026-07-31"}, {"until": ""}),
        ("third party asked", 3, {"party": "甲公司"}, {"party": ""}),
        ("decided", 3, {"outcome": "disclosed.provided"}, {"outcome": "partial"}),
    ],
)
def test_amended_and_amended_back_is_as_before(
    begin, path: str, entry: int, there: dict[str, str], back: dict[str, str]
) -> None:
    """A correction taken back leaves the case as it was; both corrections stay in the history."""
    story = tale(begin, path, DUE)
    away = story.amended(entry, **there)
    assert away.case.standing != story.case.standing
    home = away.amended(entry, **back)
    assert home.case.standing == story.case.standing
    assert home.case.application == story.case.application
    assert len(home.case.history) == len(story.case.history) + 2


def test_a_correction_keeps_what_was_written(begin, now) -> None:
    """The wrong entry stays as it was; the correction names it, what now holds, and why."""
    story = tale(begin, "decided", DUE)
    told = story.amended(3, outcome="unable.nonexistent", on="2026-07-07")
    assert told.case.history[:-1] == story.case.history
    last = told.case.history[-1]
    assert (last.number, last.transition, last.on, last.recorded_at) == (4, "amend", DUE, now)
    assert last.data == {
        "entry": 3, "reason": "登记有误", "on": "2026-07-07",
        "set": {"outcome": "unable.nonexistent"},
    }  # fmt: skip
    assert told.case.standing.counted is not None
    assert (told.case.standing.counted.outcome, told.case.standing.counted.on) == (
        "unable.nonexistent", date(2026, 7, 7),
    )  # fmt: skip


def test_a_corrected_name_stands_apart_like_the_first(begin) -> None:
    """A personal fact is corrected in the personal part of the correction, outside the chain."""
    last = begin(RECEIVED).amended(1, name="李四").case.history[-1]
    assert (last.data, last.personal) == ({"entry": 1, "reason": "登记有误"}, {"name": "李四"})


@pytest.mark.parametrize(
    ("path", "entry", "wish", "code", "facts"),
    [
        ("accepted", 3, {"on": "2026-07-03"}, "no_such_entry", {"entry": 3, "entries": [1, 2]}),
        ("accepted", 1, {"strike": True}, "registration_not_struck", {"number": "2026-0001"}),
        ("accepted", 1, {"colour": "red"}, "not_amendable", {"fact": "colour", "entry": 1}),
        ("accepted", 2, {"outcome": "partial"}, "not_amendable", {"fact": "outcome"}),
        ("two asked", 4, {"concludes": "3"}, "not_amendable", {"fact": "concludes"}),
        ("accepted", 1, {"received": "2026-07-30"}, "received_in_future",
         {"received": date(2026, 7, 30), "today": DUE}),
        ("accepted", 1, {"submitted": "2026-07-02"}, "submitted_after_receipt",
         {"submitted": ACCEPTED, "received": RECEIVED}),
        ("accepted", 1, {"subject": " "}, "subject_missing", {}),
        ("accepted", 1, {"name": ""}, "name_missing", {}),
        ("decided", 3, {"outcome": "nothing"}, "unknown_outcome", {"value": "nothing"}),
    ],
)  # fmt: skip
def test_a_correction_that_makes_no_sense_is_refused(
    begin, path: str, entry: int, wish: dict[str, object], code: str, facts: dict[str, object]
) -> None:
    """A correction of what is not there, or into what could not have been registered, is refused."""
    refused = refusal(tale(begin, path, DUE), entry, **wish)
    assert refused.code == code
    assert {name: refused.facts[name] for name in facts} == facts


@pytest.mark.parametrize(
    ("path", "entry", "wish", "broken", "why"),
    [
        ("accepted", 1, {"received": "2026-07-03"}, 2, "before_receipt"),
        ("to be corrected", 3, {"on": "2026-07-30"}, 3, "in_the_future"),
        ("corrected", 3, {"on": "2026-07-09"}, 4, "before_entry"),
        ("corrected", 3, {"strike": True}, 4, "not_open_here"),
        ("decided", 2, {"strike": True}, 3, "not_open_here"),
        ("decided", 3, {"outcome": "not_handled.excessive"}, 3, "outcome_needs"),
        ("decided", 3, {"outcome": ""}, 3, "missing_fact"),
        ("decided", 3, {"outcome": "not_handled.repeat"}, 3, "earlier_not_named"),
        ("decided", 3, {"outcome": "not_handled.repeat", "earlier": "2025-0009"}, 3,
         "earlier_unknown"),
    ],
)  # fmt: skip
def test_a_correction_that_breaks_a_later_step_is_refused(
    begin, path: str, entry: int, wish: dict[str, object], broken: int, why: str
) -> None:
    """The corrected history is walked anew; a step that would be unlawful is named, with its reason."""
    refused = refusal(tale(begin, path, DUE), entry, **wish)
    assert (refused.code, refused.facts["entry"]) == ("amendment_breaks", broken)
    reason = refused.facts["why"]
    assert isinstance(reason, Refused)
    assert reason.code == why


def test_a_correction_that_sends_a_later_step_elsewhere_is_refused(begin) -> None:
    """Where a later step would lead into another state, it is corrected first."""
    story = tale(begin, "two asked", DUE).then("conclude_third_party", ANSWERED)
    assert story.case.standing.state == "consulting"  # the organ is still asked
    refused = refusal(story, 4, strike=True)
    assert (refused.code, refused.facts["entry"]) == ("amendment_moves", 5)


def test_a_correction_is_for_those_who_may_make_the_step(begin) -> None:
    """What only the head may do, only the head corrects, art. 33; a registration anybody."""
    story = tale(begin, "accepted", DUE).then("extend", ASKED, "head", days="5")
    refused = refusal(story, 3, days="10")
    assert (refused.code, refused.facts["basis"].cite) == ("role_not_allowed", "条例33")
    assert story.amended(3, by="head", days="10").due(DUE) == date(2026, 8, 12)
    assert story.amended(1, subject="决算").case.application.subject == "决算"


def test_a_value_of_the_wrong_type_is_no_correction(begin) -> None:
    """A corrected fact is read like a new one."""
    story = tale(begin, "to be corrected", DUE)
    for wish, code in (({"days": "many"}, "not_a_whole_number"), ({"on": "tomorrow"}, "not_a_day")):
        with pytest.raises(WrongUsage) as wrong:
            story.amendment(3, **wish)
        assert wrong.value.code == code


def test_a_struck_step_never_happened(begin) -> None:
    """The last step struck, the case stands where it stood before; its number is not used again."""
    story = tale(begin, "accepted", DUE)
    told = story.then("charge_fee", ASKED).amended(3, strike=True)
    assert told.case.standing == story.case.standing
    assert told.case.history[-1].to_state == "under_review"
    again = told.then("charge_fee", ASKED)
    assert again.case.history[-1].number == 5
    assert refusal(told, 3, on="2026-07-07").code == "no_such_entry"


def test_a_correction_newly_names_an_answered_request(begin) -> None:
    """A repeat may be corrected to name another earlier request, if that one was answered."""
    story = tale(begin, "decided", DUE)
    answered = EarlierReply("2025-0001", date(2025, 7, 1), concluded=True)
    told = story.amended(3, outcome="not_handled.repeat", earlier="2025-0001", reply=answered)
    assert told.case.standing.outcome == "not_handled.repeat"


def test_a_correction_of_something_else_does_not_look_the_earlier_request_up_again(begin) -> None:
    """What a recorded repeat names was looked up then; correcting its day leaves that alone."""
    story = tale(begin, "accepted", DUE)
    decided = story.then("decide", ASKED, outcome="disclosed.provided").case.history[-1]
    repeat = replace(decided, data={"outcome": "not_handled.repeat", "earlier": "2025-0001"})
    told = story.told(repeat).amended(3, on="2026-07-07")
    assert told.case.standing.outcome == "not_handled.repeat"


def test_an_opinion_is_not_amended_into_another_partys(begin) -> None:
    """An opinion concludes the letter it was recorded for; it cannot come to name another party."""
    story = tale(begin, "accepted", DUE)
    for party in ("甲公司", "乙公司"):
        story = story.then("consult_third_party", ASKED, party=party)
    story = story.then("conclude_third_party", ANSWERED, party="甲公司")
    refused = refusal(story, 5, party="乙公司")
    assert refused.code == "amendment_breaks"


def test_an_extension_is_not_amended_into_one_of_no_length(begin) -> None:
    """An extension has a length: taken back it is struck, not emptied."""
    story = tale(begin, "accepted", DUE).then("extend", ASKED, "head", days="5")
    told = story.amended(3, by="head", strike=True)
    assert told.due(DUE) == DUE
    refused = refusal(story, 3, by="head", days="")
    assert refused.code == "amendment_breaks"


def test_an_entry_of_other_rules_is_passed_over(begin) -> None:
    """What these rules do not know stays in the history and breaks no correction."""
    story = tale(begin, "accepted", DUE)
    note = replace(story.case.history[-1], number=3, transition="telephone")
    told = story.told(note).amended(2, on="2026-07-03")
    assert told.case.standing.entries[-1].on == date(2026, 7, 3)


# Corrections of what an old register states


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"decided": "2026-07-30"}, "day_in_future"),
        ({"decided": "2026-06-30"}, "decided_before_received"),
        ({"outcome": ""}, "result_missing"),
        ({"colour": "red"}, "not_amendable"),
    ],
)
def test_an_imported_result_is_held_to_what_a_row_is_held_to(
    begin, wish: dict[str, str], code: str
) -> None:
    """A corrected result lies after receipt, not in the future, and is still a result."""
    story = begin(RECEIVED, today=DUE).imported(ASKED, "closed", outcome="partial")
    assert refusal(story, 2, **wish).code == code


def test_an_imported_result_is_corrected(begin) -> None:
    """Day, outcome and extension of an imported row are corrected like any fact, its note with entry 1."""
    story = begin(RECEIVED, today=DUE).imported(ASKED, "closed", outcome="partial")
    facts = {"decided": "2026-07-08", "outcome": "unable.nonexistent", "extended_to": "2026-08-26"}
    told = story.amended(1, note="补").amended(2, **facts)
    counted = told.case.standing.counted
    assert counted is not None
    assert (counted.outcome, counted.on) == ("unable.nonexistent", ANSWERED)
    assert told.due(ANSWERED) == date(2026, 8, 26)


def test_an_open_imported_case_has_no_result(begin) -> None:
    """A row that is still open cannot be corrected into one that has a result."""
    story = begin(RECEIVED, today=DUE).imported(RECEIVED, "under_review", extended_to="2026-08-26")
    assert refusal(story, 2, outcome="partial").code == "result_of_open_case"
    assert story.amended(2, extended_to="").due(DUE) == DUE


def test_a_receipt_after_the_imported_result_is_refused(begin) -> None:
    """The receipt date cannot be corrected to lie after the result."""
    story = begin(RECEIVED, today=DUE).imported(ASKED, "closed", outcome="partial")
    assert refusal(story, 1, received="2026-07-07").code == "decided_before_received"


# Voiding


def test_a_registration_is_voided_once(begin, now) -> None:
    """Voiding adds an entry with its reason and leaves the state; a void case is not voided again."""
    told = tale(begin, "two asked", DUE).voided()
    last = told.case.history[-1]
    assert (last.transition, last.from_state, last.to_state) == ("void", "consulting", "consulting")
    assert (last.on, last.recorded_at, last.data) == (DUE, now, {"reason": "误登"})
    with pytest.raises(Refused) as refused:
        told.voided()
    assert refused.value.code == "application_void"
    assert refusal(told, 1, subject="决算").code == "application_void"
