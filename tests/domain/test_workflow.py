"""A workflow as declared, and what can be asked of it."""

from collections.abc import Mapping

import pytest

from requestflow.domain.facts import term
from requestflow.domain.machine import Engine
from requestflow.domain.workflow import Words
from requestflow.errors import Refused


def test_an_act_is_a_transition_or_the_registration(engine: Engine) -> None:
    """An act is found by its name, the registration too; what is unknown is none."""
    workflow = engine.workflow
    assert workflow.act("register") is workflow.registration
    assert workflow.act("extend") is workflow.transitions["extend"]
    assert workflow.act("telephone") is None


def test_open_states_are_those_in_which_the_applicant_still_waits(engine: Engine) -> None:
    """Neither a decided nor a closed case waits for its result."""
    assert engine.workflow.open_states() == set(engine.workflow.states) - {"decided", "closed"}


def test_a_switch_that_the_workflow_has_not_is_off(engine: Engine) -> None:
    """An open point that these rules do not know has no value."""
    assert engine.workflow.switch("pause_days") == "sent_to_returned"
    assert engine.workflow.switch("colour") == ""


def test_the_rules_are_named_by_name_and_version(engine: Engine) -> None:
    """What an entry records of its rules is their name and version."""
    assert engine.workflow.stamp == f"{engine.workflow.name}/{engine.workflow.version}"


def test_a_target_of_the_same_state_is_that_state(engine: Engine) -> None:
    """A transition that stays where it is leads from each state to itself."""
    extend = engine.transition("extend")
    assert {s: extend.target_from(s) for s in extend.sources} == dict(
        zip(extend.sources, extend.sources, strict=True)
    )
    assert engine.transition("accept").target_from("received") == "under_review"


@pytest.mark.parametrize(
    ("known", "value", "code"),
    [
        ({"enterprise": "商业企业"}, "enterprise", "enterprise"),
        ({"enterprise": "商业企业"}, "商业企业", "enterprise"),
        ({"a": type("Term", (), {"words": Words("受理", "accept")})()}, "受理", "a"),
    ],
)
def test_a_term_is_known_by_its_code_or_its_chinese_label(
    known: Mapping[str, object], value: str, code: str
) -> None:
    """A code, or the label that stands for it, means the code."""
    assert term("unknown_kind", value, known) == code
    with pytest.raises(Refused):
        term("unknown_kind", f"{value}?", known)
