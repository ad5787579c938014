"""Entries, the corrections that hold, and the chain that proves that nothing was changed."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from requestflow.domain.entries import (
    GENESIS,
    Amendment,
    Entry,
    canonical,
    chained_digest,
    effective,
    is_void,
    personal_digest,
)
from requestflow.domain.workflow import AMEND, VOID

DAY = date(2026, 7, 6)
NEXT_DAY = date(2026, 7, 7)
NOW = datetime(2026, 7, 6, 1, 30, tzinfo=UTC)


def entry(number: int, transition: str = "extend", **changes: object) -> Entry:
    """An entry with something in every field."""
    base = Entry(
        number=number, transition=transition, on=DAY, recorded_at=NOW, by="clerk",
        from_state="under_review", to_state="under_review", data={"days": 10, "reason": "复杂"},
        personal={"party": "甲公司"}, rules="disclosure/2019.1",
    )  # fmt: skip
    return replace(base, **changes)


def amend(number: int, target: int, *, personal: dict[str, str] | None = None, **data: object) -> Entry:
    """A correction of entry `target`."""
    return entry(number, AMEND, data={"entry": target, **data}, personal=personal or {})


def test_facts_are_read_by_their_type() -> None:
    """A fact is read as a day, a text or a whole number; what does not fit is None."""
    one = entry(1, data={"until": "2026-07-31", "days": 10, "flag": True, "n": None})
    assert (one.day("on"), one.day("until"), one.day("days"), one.day("none")) == (
        DAY, date(2026, 7, 31), None, None,
    )  # fmt: skip
    assert (one.text("days"), one.text("party"), one.text("n"), one.text("none")) == (
        "10", "甲公司", None, None,
    )  # fmt: skip
    assert (one.count("days"), one.count("flag"), one.count("until")) == (10, None, None)


def test_a_personal_fact_wins_over_an_open_one() -> None:
    """A fact that stands apart is the one that is read."""
    assert entry(1, data={"party": "某公司"}).text("party") == "甲公司"


def test_without_corrections_every_entry_counts() -> None:
    """A history without corrections is read as it stands."""
    history = [entry(1), entry(2), entry(3, VOID)]
    assert effective(history) == history


def test_a_correction_changes_what_it_names_and_nothing_else() -> None:
    """The corrected entry keeps its number, its place and every fact that was not named."""
    found = effective([entry(1), entry(2), amend(3, 1, set={"days": 5}, on="2026-07-07")])
    assert found == [entry(1, on=NEXT_DAY, data={"days": 5, "reason": "复杂"}), entry(2)]


def test_a_correction_can_take_a_fact_back() -> None:
    """A fact set to nothing is gone; so is a personal one set to an empty text."""
    found = effective([entry(1), amend(2, 1, set={"reason": None}, personal={"party": ""})])
    assert found == [entry(1, data={"days": 10}, personal={})]


def test_a_correction_of_a_personal_fact_stands_apart_too() -> None:
    """A personal fact is corrected in the personal part, not in what the chain covers."""
    found = effective([entry(1), amend(2, 1, personal={"party": "乙公司"})])
    assert found == [entry(1, personal={"party": "乙公司"})]


def test_the_last_correction_holds() -> None:
    """Of two corrections the later one holds, and correcting back gives the entry as it was."""
    first = [entry(1), amend(2, 1, set={"days": 5})]
    assert effective([*first, amend(3, 1, set={"days": 7})])[0].count("days") == 7
    assert effective([*first, amend(3, 1, set={"days": 10})]) == [entry(1)]


def test_a_struck_entry_never_happened() -> None:
    """A struck entry counts no more, and no correction brings it back."""
    struck = [entry(1), entry(2), amend(3, 2, struck=True)]
    assert effective(struck) == [entry(1)]
    assert effective([*struck, amend(4, 2, set={"days": 5})]) == [entry(1)]
    assert effective([*struck, amend(4, 2, struck=True)]) == [entry(1)]


def test_a_correction_is_read_from_its_entry() -> None:
    """A correction without facts, day or strike corrects nothing."""
    bare = Amendment.of(amend(3, 1))
    assert (bare.entry, bare.facts, bare.on, bare.struck) == (1, {}, None, False)
    assert bare.applied_to(entry(1)) == entry(1)


def test_a_history_is_void_once_it_is_voided() -> None:
    """A voided history is void whatever else it holds."""
    assert not is_void([entry(1)])
    assert is_void([entry(1), entry(2, VOID)])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": "乙"}, '{"a":"乙","b":1}'),
        ({"a": [1, None, True]}, '{"a":[1,null,true]}'),
        ({}, "{}"),
    ],
)
def test_a_value_has_one_text(value: object, text: str) -> None:
    """Keys are sorted, nothing is escaped, nothing is spaced: one value, one text."""
    assert canonical(value) == text


def test_the_order_of_facts_does_not_matter_to_the_chain() -> None:
    """Facts that were given in another order are the same entry."""
    other = entry(1, data={"reason": "复杂", "days": 10})
    assert _digest(other) == _digest(entry(1))


def _digest(
    one: Entry, *, previous: str = GENESIS, sequence: int = 1, number: str = "2026-0001",
    personal: str | None = "p",
) -> str:  # fmt: skip
    return chained_digest(previous, sequence, number, one, personal)


CHANGES: dict[str, object] = {
    "number": 2,
    "transition": "withdraw",
    "on": NEXT_DAY,
    "recorded_at": datetime(2026, 7, 6, 1, 30, 0, 1, tzinfo=UTC),
    "by": "head",
    "from_state": None,
    "to_state": "closed",
    "data": {"days": 11, "reason": "复杂"},
    "rules": "disclosure/2019.2",
}


def test_every_field_of_an_entry_is_tried() -> None:
    """A field added to an entry must be added to the chain, or stand apart from it on purpose."""
    assert set(CHANGES) | {"personal"} == {field.name for field in fields(Entry)}


@pytest.mark.parametrize("name", CHANGES)
def test_any_changed_field_changes_the_digest(name: str) -> None:
    """Whatever is changed in an entry, its digest is another."""
    assert _digest(replace(entry(1), **{name: CHANGES[name]})) != _digest(entry(1))


@pytest.mark.parametrize(
    "changes",
    [{"previous": "f" * 64}, {"sequence": 2}, {"number": "2026-0002"}, {"personal": "q"},
     {"personal": None}],
)  # fmt: skip
def test_any_changed_place_changes_the_digest(changes: dict[str, object]) -> None:
    """An entry's digest covers its place, its application, the entry before and the personal digest."""
    assert _digest(entry(1), **changes) != _digest(entry(1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        {"days": "10", "reason": "复杂"},  # a text for a number
        {"days": 10, "reason": "复杂", "more": None},
        {"days": 10},
        {"days": 10, "reason": "复杂 "},
    ],
)
def test_the_smallest_change_of_a_fact_changes_the_digest(data: dict[str, object]) -> None:
    """A type, a blank, an empty fact: each makes another digest."""
    assert _digest(entry(1, data=data)) != _digest(entry(1))


def test_personal_data_can_be_removed_and_the_chain_still_holds() -> None:
    """The chain covers a salted digest of the personal part, and verifies without the part itself."""
    full = entry(1)
    digest = personal_digest("salt", full.personal)
    removed = replace(full, personal={})
    assert _digest(full, personal=digest) == _digest(removed, personal=digest)


def test_personal_data_cannot_be_changed_unnoticed_nor_guessed_without_the_salt() -> None:
    """Another name or another salt gives another digest."""
    digest = personal_digest("salt", {"party": "甲公司"})
    assert personal_digest("salt", {"party": "乙公司"}) != digest
    assert personal_digest("grain", {"party": "甲公司"}) != digest
    assert personal_digest("salt", {"party": "甲公司"}) == digest
    assert len(digest) == 64
