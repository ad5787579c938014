"""Guards: each answers with a refusal that says why, names its article, and changes nothing."""

from dataclasses import replace
from datetime import date

import pytest

from requestflow.domain.clock import Rules
from requestflow.domain.evaluation import Accepted
from requestflow.domain.guards import ALWAYS, GUARDS, EarlierReply, Proposal, Question
from requestflow.domain.machine import Engine
from requestflow.domain.standing import Standing
from requestflow.errors import NotFound, Refused

RECEIVED = date(2026, 7, 1)
ACCEPTED = date(2026, 7, 2)
ASKED = date(2026, 7, 6)
DUE = date(2026, 7, 29)


def _question(story, name: str, on: date, *, rules: Rules | None = None, **data: object) -> Question:
    proposal = Proposal(name, on, "clerk", "clerk", story.today, data)
    act = story.engine.transition(name)
    return Question(story.case.standing, proposal, act, rules or story.engine.rules)


def test_a_workflow_file_names_guards_that_are_functions_with_a_sentence() -> None:
    """Every guard has its own name and says in a sentence what must hold."""
    for name, guard in GUARDS.items():
        assert name == guard.__name__
        assert (guard.__doc__ or "").endswith(".")
    assert not set(ALWAYS) & set(GUARDS.values())


@pytest.mark.parametrize(
    ("name", "on", "facts", "code", "names"),
    [
        ("extend", DUE, {}, "too_late_to_extend", {"due", "on", "transition", "basis"}),
        ("extend", ASKED, {"days": "21"}, "extension_too_long", {"days", "left", "longest"}),
        ("decide", ASKED, {}, "missing_fact", {"facts", "names", "transition", "basis"}),
        ("decide", ASKED, {"outcome": "not_handled.excessive"}, "outcome_needs", {"name", "needed"}),
        ("postpone", ASKED, {"until": "2026-08-31"}, "needs_reasons", {"transition", "basis"}),
        ("accept", ASKED, {}, "not_open_here", {"state", "sources", "transition", "basis"}),
        ("withdraw", date(2026, 6, 30), {}, "before_receipt", {"on", "received"}),
        ("withdraw", date(2026, 11, 25), {}, "in_the_future", {"on", "today"}),
    ],
)
def test_a_refusal_carries_what_its_sentence_needs(
    begin, name: str, on: date, facts: dict[str, str], code: str, names: set[str]
) -> None:
    """A refusal carries the facts that the catalogue's sentence speaks of."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    answer = story.answer(name, on, "head", **facts)
    assert isinstance(answer, Refused)
    assert answer.code == code
    assert names <= set(answer.facts)


def test_the_first_refusal_is_the_one_given(begin) -> None:
    """Role, then facts, then days, then the rule's own guards: the first refusal is given."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    too_late = date(2026, 8, 31)
    assert story.refused("extend", too_late, "clerk", days="99") == "role_not_allowed"
    assert story.refused("extend", too_late, "head", days="99") == "too_late_to_extend"
    assert story.refused("extend", ASKED, "head", days="99") == "extension_too_long"
    assert story.refused("postpone", date(2026, 6, 1)) == "missing_fact"


def test_an_unknown_transition_names_the_nearest(engine: Engine) -> None:
    """A transition that the workflow has not is named, with the nearest ones."""
    with pytest.raises(NotFound) as found:
        engine.transition("request_corection")
    assert found.value.code == "unknown_transition"
    assert found.value.facts["near"][0] == "request_correction"
    with pytest.raises(NotFound) as found:
        engine.transition("办结")
    assert found.value.facts["near"] == list(engine.workflow.transitions)


def test_guards_of_the_clock_have_nothing_to_say_before_it_runs(begin) -> None:
    """Without a clock there is no due date to be late for, and no extension to use up."""
    story = begin(RECEIVED)
    empty = Standing("under_review")
    for name in ("before_due", "within_limit", "in_order"):
        question = replace(_question(story, "extend", DUE, days=99), standing=empty)
        guard = GUARDS.get(name) or next(g for g in ALWAYS if g.__name__ == name)
        assert guard(question) is None


def test_a_limit_that_nothing_started_cannot_lapse(begin) -> None:
    """Where no notice is on file there is nothing to lapse."""
    question = _question(begin(RECEIVED), "lapse_correction", DUE)
    refused = GUARDS["limit_passed"](question)
    assert refused is not None
    assert (refused.code, refused.facts["basis"].cite) == ("nothing_to_lapse", "条例30")


def test_a_limit_that_does_not_apply_was_not_started(begin) -> None:
    """Another organ's letter starts no limit: nothing of it can lapse."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("consult_organ", ASKED, role="other")
    question = _question(story, "conclude_organ", DUE)
    question = replace(question, act=replace(question.act, lapse_of="organ_opinion"))
    refused = GUARDS["limit_passed"](question)
    assert refused is not None
    assert refused.code == "nothing_to_lapse"


def test_an_outcome_that_is_not_given_is_not_judged(begin) -> None:
    """Whether an outcome is supported is asked of one that is given; that it is given, of the facts."""
    assert GUARDS["outcome_supported"](_question(begin(RECEIVED), "decide", DUE)) is None


def test_an_outcome_without_articles_is_refused_by_the_transitions(begin) -> None:
    """Where an outcome names no article, the refusal names the transition's."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    workflow = story.engine.workflow
    bare = replace(workflow.outcomes["not_handled.excessive"], basis=())
    rules = Rules(
        replace(workflow, outcomes=dict(workflow.outcomes) | {bare.code: bare}),
        story.engine.rules.calendar,
    )
    question = _question(story, "decide", ASKED, rules=rules, outcome=bare.code)
    refused = GUARDS["outcome_supported"](question)
    assert refused is not None
    assert (refused.code, refused.facts["basis"].cite) == ("outcome_needs", "条例36")


@pytest.mark.parametrize(
    ("received", "concluded", "code"),
    [
        (date(2025, 7, 1), True, None),
        (RECEIVED, True, None),  # of the same day: it may have come first
        (date(2026, 7, 2), True, "earlier_came_later"),
        (date(2025, 7, 1), False, "earlier_not_answered"),
    ],
)
def test_a_repeat_names_an_earlier_request_that_was_answered(
    begin, received: date, concluded: bool, code: str | None
) -> None:
    """A repeated request names one that came before it and was answered, art. 36(6)."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    reply = EarlierReply("2025-0001", received, concluded)
    answer = story.answer(
        "decide", ASKED, outcome="not_handled.repeat", earlier="2025-0001", reply=reply
    )
    assert (answer.code if isinstance(answer, Refused) else None) == code


@pytest.mark.parametrize(
    ("on", "received", "code"),
    [
        (ASKED, "2026-07-05", "fact_before_step"),
        (ASKED, "2026-07-06", None),
        (ASKED, "2026-11-24", None),  # today
        (ASKED, "2026-11-25", "fact_in_the_future"),
    ],
)
def test_a_notice_is_received_between_its_sending_and_today(
    begin, on: date, received: str, code: str | None
) -> None:
    """A recorded day of receipt lies neither before its own step nor after today."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    answer = story.answer("charge_fee", on, notice_received=received)
    assert (answer.code if isinstance(answer, Refused) else None) == code


def test_an_opinion_does_not_lie_before_its_own_letter(begin) -> None:
    """Of two letters, the one that is answered was sent before its answer."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("consult_third_party", ASKED)
    refused = GUARDS["consultation_open"](_question(story, "conclude_third_party", ACCEPTED))
    assert refused is not None
    assert (refused.code, refused.facts["entry"]) == ("before_entry", 3)


def test_a_probe_asks_for_no_facts_and_no_party(begin, engine: Engine) -> None:
    """What is open is asked without the facts that are still to be given, by the roles there are."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    story = story.then("consult_third_party", ASKED, party="甲").then(
        "consult_third_party", ASKED, party="乙"
    )
    for name in ("consult_third_party", "conclude_third_party"):
        probe = Proposal(name, ACCEPTED, "", "", story.today, probe=True, roles=frozenset({"clerk"}))
        guards = [GUARDS[g] for g in engine.transition(name).guards]
        question = Question(story.case.standing, probe, engine.transition(name), engine.rules)
        assert [guard(question) for guard in guards] == [None] * len(guards)


def test_a_late_notice_is_only_refused_by_the_limit_it_meets(begin) -> None:
    """The switch refuses a notice after its own limit, not a transition that meets no limit."""
    story = begin(RECEIVED, late_correction_notice="refused").then("accept", ACCEPTED)
    late = date(2026, 7, 13)  # the seventh working day is Friday 10 July
    assert story.refused("request_correction", late) == "notice_too_late"
    in_time = GUARDS["in_time"]
    assert in_time(_question(story, "request_reasons", late)) is None
    assert in_time(_question(story, "request_correction", date(2026, 7, 10))) is None


def test_an_extension_without_a_limit_is_not_measured(begin) -> None:
    """A transition that names no limit has no longest extension."""
    question = _question(begin(RECEIVED), "extend", ASKED, days=99)
    question = replace(question, act=replace(question.act, limit=None))
    assert GUARDS["within_limit"](question) is None


def test_a_day_that_is_not_given_is_not_too_early(begin) -> None:
    """`until_later` judges a day that is given; a later one is right."""
    story = begin(RECEIVED)
    assert GUARDS["until_later"](_question(story, "postpone", ASKED)) is None
    later = _question(story, "postpone", ASKED, until="2026-07-07")
    assert GUARDS["until_later"](later) is None


def test_a_wish_for_the_same_party_is_compared_by_name(begin) -> None:
    """Letters without a party are letters to the same one; letters to different ones may overlap."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("consult_organ", ASKED)
    assert story.refused("consult_organ", ASKED) == "already_consulted"
    assert isinstance(story.answer("consult_organ", ASKED, party="县财政局"), Accepted)
