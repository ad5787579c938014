"""The facts of a letter out of a case: what is known, what is missing, and what records it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from requestflow.definitions.notice_catalogue import load_notice_catalogue, notice_folders
from requestflow.domain.machine import Engine
from requestflow.domain.notice_kinds import Form, NoticeCatalogue, NoticeFact, Origin
from requestflow.domain.notices import (
    LetterFacts,
    commands,
    current_place,
    letter_facts,
    place_of,
)
from requestflow.domain.worked_facts import Setting
from requestflow.domain.workflow import Words

RECEIVED = date(2026, 7, 1)
ACCEPTED = date(2026, 7, 2)
ASKED = date(2026, 7, 6)
LATER = date(2026, 7, 20)
ORGAN = {"name": "某局", "review_organ": "某县人民政府", "court": "某县人民法院", "payment": "账户"}


@pytest.fixture(scope="session")
def catalogue(engine: Engine) -> NoticeCatalogue:
    """The shipped letters."""
    return load_notice_catalogue(engine.workflow, notice_folders())


@pytest.fixture
def facts(engine: Engine, catalogue: NoticeCatalogue) -> Any:
    """The facts of a story's letter, of a kind or of the one it is at."""

    def call(story: Any, kind: str | None = None, **changes: Any) -> LetterFacts:
        setting = Setting(engine.rules, catalogue, ORGAN, LATER, "1号")
        setting = replace(setting, **changes)
        known = setting.catalogue
        if kind is None:
            where = current_place(story.case, known, engine.rules)
        else:
            where = place_of(story.case, known.kinds[kind], engine.rules)
        assert where is not None
        return letter_facts(where, story.case, setting)

    return call


def with_fact(catalogue: NoticeCatalogue, kind: str, fact: NoticeFact) -> NoticeCatalogue:
    """The catalogue in which a kind of letter needs one more fact."""
    changed = replace(catalogue.kinds[kind], needs=(*catalogue.kinds[kind].needs, fact.name))
    return replace(
        catalogue,
        kinds={**catalogue.kinds, kind: changed},
        facts={**catalogue.facts, fact.name: fact},
    )


def fact(name: str, origin: Origin, key: str, form: Form = Form.PLAIN, step: str = "") -> NoticeFact:
    return NoticeFact(name, Words("某事", "something"), origin, key, form, step)


MISSING = {
    "a setting": (fact("x", Origin.ORGAN, "phone"), "config.toml [organ] phone"),
    "a fact of the registration": (
        fact("x", Origin.APPLICATION, "contact"),
        "requestflow amend 2026-0001 --entry 1 --set contact=… --reason …"),
    "a fact of the step": (
        fact("x", Origin.ENTRY, "items"),
        "requestflow amend 2026-0001 --entry 3 --set items=… --reason …"),
    "a step that was never made": (
        fact("x", Origin.STEP, "on", step="receive_correction"),
        "requestflow transition 2026-0001 receive_correction"),
    "a fact of an earlier step": (
        fact("x", Origin.STEP, "reason", step="accept"),
        "requestflow amend 2026-0001 --entry 2 --set reason=… --reason …"),
    "a fact of a decision that there is not": (
        fact("x", Origin.DECISION, "given"), "requestflow next 2026-0001"),
    "what follows from a step that there is not": (
        fact("x", Origin.WORKED_OUT, "opinion"), "requestflow show 2026-0001"),
    "a fee that was not counted": (
        fact("x", Origin.WORKED_OUT, "fee_count"),
        "requestflow amend 2026-0001 --entry 3 --set pages=… --reason …"),
    "what the rules call a lapse": (
        fact("x", Origin.WORKED_OUT, "lapsed_until"), "requestflow show 2026-0001"),
}  # fmt: skip


@pytest.mark.parametrize(("lacking", "command"), MISSING.values(), ids=MISSING)
def test_a_missing_fact_names_what_records_it(
    begin: Any, facts: Any, catalogue: NoticeCatalogue, lacking: NoticeFact, command: str
) -> None:
    """Wherever a fact comes from, the clerk is told what to type or to set."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("request_correction", ASKED, items="补正一")
    if lacking.key == "items":
        story = story.amended(3, items="")
    found = facts(story, catalogue=with_fact(catalogue, "correction", lacking))

    told = commands([gap for gap in found.gaps if gap.fact.name == "x"], "2026-0001")
    assert told == [command]


def test_a_number_that_was_not_given_is_given_by_issuing(
    begin: Any, facts: Any, catalogue: NoticeCatalogue
) -> None:
    """A letter that must bear its number gets it when it is issued."""
    lacking = fact("x", Origin.LETTER, "number")
    found = facts(begin(RECEIVED), catalogue=with_fact(catalogue, "receipt", lacking), number=None)

    told = commands([gap for gap in found.gaps if gap.fact.name == "x"], "2026-0001")
    assert told == ["requestflow notice 2026-0001 receipt"]


def test_what_is_missing_and_not_needed_is_empty(begin: Any, facts: Any) -> None:
    """A template can ask for it; nothing is printed by accident."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("decide", ASKED, outcome="unable.nonexistent")
    found = facts(story)

    assert (found.values["search"], found.values["corrected_on"]) == ([], "")
    assert all(isinstance(value, str | list) for value in found.values.values())


def test_a_text_of_lines_becomes_sentences(begin: Any, facts: Any) -> None:
    """A line a paragraph, each ending as a sentence does; blank lines do not count."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    story = story.then("request_correction", ASKED, items=" 写明文号\n\n写明年份。\n是哪一年？")

    assert facts(story).values["items"] == ["写明文号。", "写明年份。", "是哪一年？"]


@pytest.mark.parametrize(
    ("given", "days", "until"),
    [({}, "15", ""), ({"days": "10"}, "10", ""), ({"until": "2026-08-03"}, "", "2026年8月3日")],
)
def test_a_period_is_a_length_or_a_day(
    begin: Any, facts: Any, given: dict[str, str], days: str, until: str
) -> None:
    """What the office has set is what the letter says; else the period of the law."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("request_correction", ASKED, **given)
    values = facts(story).values

    assert (values["limit_days"], values["until"]) == (days, until)


@pytest.mark.parametrize(("opinion", "code"), [("agrees", "agrees"), ("objects", "objects"), (None, "")])
def test_the_third_partys_opinion_is_that_of_its_consultation(
    begin: Any, facts: Any, opinion: str | None, code: str
) -> None:
    """The letter on disclosure tells each third party what it said itself."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("consult_third_party", ASKED, party="甲")
    given = {"opinion": opinion} if opinion else {}
    story = story.then("conclude_third_party", LATER, **given)
    story = story.then("decide", LATER, outcome="disclosed.provided", given="全文", reason="公共利益")

    assert facts(story, "disclosure_decision_to_third_party").values["opinion"] == code


def test_a_choice_is_written_in_words_unless_a_template_asks_by_code(
    begin: Any, facts: Any, catalogue: NoticeCatalogue
) -> None:
    """同意公开 in a sentence, `co_maker` in a question; a choice that is gone stays what it was."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("consult_organ", ASKED, party="乙局")
    shown = with_fact(catalogue, "organ_consultation", fact("x", Origin.ENTRY, "role"))

    assert facts(story, catalogue=shown).values["x"] == "共同制作机关"
    assert facts(story).values["role"] == "co_maker"
    entry = replace(story.case.history[2], data={**story.case.history[2].data, "role": "former"})
    told = replace(story, case=replace(story.case, history=story.case.history[:2])).told(entry)
    assert facts(told, catalogue=shown).values["x"] == "former"


def test_a_unit_is_spoken_to_as_one(begin: Any, facts: Any) -> None:
    """您 to a person, 你单位 to an organisation."""
    person = begin(RECEIVED)

    assert facts(person).values["you"] == "您"
    assert facts(person.amended(1, kind="enterprise")).values["you"] == "你单位"


def test_a_channel_that_the_rules_no_longer_have_is_a_gap(begin: Any, facts: Any) -> None:
    """An old registration may name what the rules do not know; the receipt is not guessed."""
    found = facts(begin(RECEIVED).amended(1, channel="pigeon"))

    assert {gap.fact.name for gap in found.gaps} == {"channel", "receipt_rule", "receipt_basis"}


def test_a_letter_of_a_lapse_tells_which_period_ran_out(begin: Any, facts: Any) -> None:
    """The day of the notice, and the last day on which it could still be answered."""
    story = begin(RECEIVED).then("accept", ACCEPTED)
    story = story.then("request_correction", ASKED, days="5", notice_received="2026-07-07")
    story = story.then("lapse_correction", LATER)
    values = facts(story).values

    assert (values["lapsed_on"], values["lapsed_until"]) == ("2026年7月6日", "2026年7月14日")


def test_a_tier_of_one_is_told_as_one(begin: Any, facts: Any) -> None:
    """第31页, not 第31页至第31页."""
    story = begin(RECEIVED).then("accept", ACCEPTED).then("charge_fee", ASKED, pages="31")

    assert facts(story).values["fee_steps"] == [
        "第1页至第30页，共30页，不收费",
        "第31页，共1页，每页10元，计10元",
    ]


def test_a_case_whose_steps_have_no_letter_is_at_none(
    begin: Any, catalogue: NoticeCatalogue, engine: Engine
) -> None:
    """An office without receipts writes none."""
    fees = replace(catalogue, kinds={"fee": catalogue.kinds["fee"]})

    assert current_place(begin(RECEIVED).case, fees, engine.rules) is None


def test_facts_without_a_kind_belong_to_nothing(
    begin: Any, catalogue: NoticeCatalogue, engine: Engine
) -> None:
    """A kind that names neither a step nor an outcome is no letter of any case."""
    nothing = replace(catalogue.kinds["receipt"], after=())

    assert place_of(begin(RECEIVED).case, nothing, engine.rules) is None
