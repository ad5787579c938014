"""Daily work: registering, moving, looking, counting days."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from requestflow.cli import documents, screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import (
    BY,
    DAY,
    FILE,
    PAIR,
    YEAR,
    Whole,
    as_mapping,
    command,
    fail,
)
from requestflow.domain.summary import due_now
from requestflow.errors import Refused

_MOST_NUMBERS_FILE = 4 * 1024 * 1024

_number = click.argument("number")
_reason = click.option("--reason", metavar="TEXT")
_personal = click.option("--personal", is_flag=True)
_limit = click.option("--limit", type=Whole(1), metavar="N")


def _show(desk: Desk, case: Any, *, personal: bool = False) -> None:
    """A case after something happened to it: in full as JSON, in a line for people."""
    from requestflow.services import lookup

    try:
        view = lookup.view(desk.office, case)
        now = due_now(view.summary, desk.office.today(), desk.office.calendar)
    except Refused as error:  # what was asked for is done; only its due date cannot be told
        desk.tell(desk.words.text("done_not_shown", number=case.application.number, why=error))
        return
    if desk.as_json:
        desk.print_json(documents.view(view, now, personal=personal))
    else:
        screens.outcome_line(desk, view, now)


@command(
    click.option("--kind", required=True, metavar="KIND"),
    click.option("--name", required=True, metavar="NAME"),
    click.option("--channel", required=True, metavar="CHANNEL"),
    click.option("--received", type=DAY, required=True),
    click.option("--subject", required=True, metavar="TEXT"),
    click.option("--submitted", type=DAY),
    click.option("--id-number", metavar="TEXT"),
    click.option("--contact", metavar="TEXT"),
    click.option("--address", metavar="TEXT"),
    click.option("--form", metavar="paper|email|…"),
    click.option("--number", metavar="N"),
    BY,
)
def register(desk: Desk, *, name: str, id_number: str | None, contact: str | None,
             address: str | None, **given: Any) -> None:  # fmt: skip
    """Registers an application: entry 1 of its history."""
    from requestflow.services.intake import Registration
    from requestflow.services.intake import register as act

    personal = {"name": name, "id_number": id_number, "contact": contact, "address": address}
    stated = {key: value for key, value in personal.items() if value}
    done = act(desk.office, Registration(personal=stated, **given))
    desk.warn(done.warnings)
    _show(desk, done.case)


def _print_lines(desk: Desk, lines: Any, *, personal: bool) -> None:
    """A list as JSON: each case as `show` has it, without its history."""
    from requestflow.services.listing import open_steps

    steps = open_steps(desk.office, lines)
    desk.print_json(
        [
            {**documents.line(line, personal=personal), "next": steps[line.row.summary.number]}
            for line in lines
        ]
    )


@command(
    click.option("--state", metavar="S"),
    click.option("--open", "only_open", is_flag=True),
    click.option("--year", type=YEAR, metavar="Y"),
    click.option("--outcome", metavar="O"),
    click.option("--kind", metavar="K"),
    click.option("--search", metavar="TEXT"),
    click.option("--overdue", is_flag=True),
    click.option("--late", is_flag=True),
    click.option("--unit", metavar="U"),
    _limit,
    _personal,
)
def list_(desk: Desk, *, only_open: bool, overdue: bool, personal: bool, **wanted: Any) -> None:
    """Lists applications."""
    from requestflow.services import listing
    from requestflow.storage.registry import Filter

    narrowed = Filter(**wanted)
    if only_open:
        narrowed = listing.open_only(desk.office, narrowed)
    lines = listing.listed(desk.office, narrowed, overdue=overdue)
    desk.warn_of_calendar()
    if desk.as_json:
        _print_lines(desk, lines, personal=personal)
    else:
        screens.listing(desk, lines, personal=personal)


@command(_number, _personal)
def show(desk: Desk, number: str, *, personal: bool) -> None:
    """Shows a case."""
    from requestflow.services import lookup

    view = lookup.show(desk.office, number)
    now = due_now(view.summary, desk.office.today(), desk.office.calendar)
    if desk.as_json:
        desk.print_json(documents.view(view, now, personal=personal))
    else:
        screens.case(desk, view, now, personal=personal)


@command(_number)
def next_(desk: Desk, number: str) -> None:
    """What can be done next, and why not the rest."""
    from requestflow.services.processing import next_steps

    case, openings = next_steps(desk.office, number)
    if desk.as_json:
        desk.print_json(
            {
                "number": case.application.number,
                "state": case.standing.state,
                "open": [documents.opening(o, desk) for o in openings if o.refused is None],
                "closed": [documents.opening(o, desk) for o in openings if o.refused],
            }
        )
    else:
        screens.openings(desk, case, openings)


def _numbers(path: Path) -> list[str]:
    """Application numbers, one a line."""
    from requestflow.files import file_bytes

    data = file_bytes(path, _MOST_NUMBERS_FILE)
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Refused("file_unreadable", file=path.name, reason="UTF-8") from None
    found = [line.strip() for line in lines if line.strip()]
    if not found:
        fail("no_numbers", file=path.name)
    return found


def _given(pairs: tuple[tuple[str, str], ...], **options: Any) -> dict[str, str]:
    """The facts of a step, whether given by an option of their own or by `--set`."""
    found = as_mapping(pairs)
    for name, value in options.items():
        if value is None:
            continue
        if name in found:
            fail("fact_given_twice", fact=name)
        found[name] = value.isoformat() if isinstance(value, date) else str(value)
    return found


@command(
    click.argument("words", nargs=-1, metavar="NUMBER NAME"),
    click.option("--file", "file", type=FILE, metavar="NUMBERS.txt"),
    click.option("--dry-run", is_flag=True),
    click.option("--on", "on", type=DAY),
    BY,
    click.option("--outcome", metavar="CODE"),
    click.option("--days", metavar="N"),
    click.option("--until", metavar="YYYY-MM-DD"),
    _reason,
    click.option("--set", "pairs", type=PAIR, multiple=True, metavar="KEY=VALUE"),
    click.option("--seen", type=Whole(1), metavar="N"),
)
def transition(
    desk: Desk, words: tuple[str, ...], *, file: Path | None, dry_run: bool, pairs: Any,
    **options: Any,
) -> None:  # fmt: skip
    """Makes a step of the workflow, for one application or for many."""
    from requestflow.services.processing import Step
    from requestflow.services.processing import transition as act

    step_options = {name: options.pop(name) for name in ("on", "by", "seen")}
    given = _given(pairs, **options)
    if file is not None:
        _transition_many(desk, words, file, Step("", given, **step_options), dry_run=dry_run)
        return
    if len(words) < 2:  # noqa: PLR2004  a number and a name
        fail("missing_parameter", name="NUMBER NAME", command="requestflow transition")
    if len(words) > 2:  # noqa: PLR2004
        fail("extra_arguments", arguments=list(words[2:]))
    if dry_run:
        from requestflow.services.processing import transition_many

        moved = transition_many(
            desk.office, [words[0]], Step(words[1], given, **step_options), dry_run=True
        )[0]
    else:
        moved = act(desk.office, words[0], Step(words[1], given, **step_options))
    desk.warn(moved.warnings)
    if dry_run:
        desk.tell(desk.words.text("dry_run"))
    _show(desk, moved.case)


def _transition_many(
    desk: Desk, words: tuple[str, ...], file: Path, step: Any, *, dry_run: bool
) -> None:
    from dataclasses import replace

    from requestflow.services import lookup
    from requestflow.services.processing import transition_many

    if len(words) != 1:
        fail("one_name_with_file")
    moved = transition_many(desk.office, _numbers(file), replace(step, name=words[0]), dry_run=dry_run)
    desk.warn([finding for one in moved for finding in one.warnings])
    if dry_run:
        desk.tell(desk.words.text("dry_run"))
    views = [lookup.view(desk.office, one.case) for one in moved]
    today, calendar = desk.office.today(), desk.office.calendar
    nows = [due_now(view.summary, today, calendar) for view in views]
    if desk.as_json:
        desk.print_json([documents.view(v, n, personal=False) for v, n in zip(views, nows, strict=True)])
        return
    for view, now in zip(views, nows, strict=True):
        screens.outcome_line(desk, view, now)


@command(_number, click.option("--reason", required=True, metavar="TEXT"), BY)
def void(desk: Desk, number: str, *, reason: str, by: str | None) -> None:
    """Takes a mistaken registration out of every figure."""
    from requestflow.services.processing import void as act

    _show(desk, act(desk.office, number, reason, by))


@command(
    _number,
    click.option("--unit", metavar="U"),
    click.option("--due", type=DAY),
    click.option("--accept", is_flag=True),
    click.option("--return", "back", is_flag=True),
    _reason,
    BY,
)
def assign(
    desk: Desk, number: str, *, unit: str | None, due: date | None, accept: bool, back: bool,
    **given: Any,
) -> None:  # fmt: skip
    """Hands a case to an undertaking unit, which signs for it or gives it back."""
    from requestflow.services import assignment, lookup

    if sum((unit is not None, accept, back)) != 1 or (due is not None and unit is None):
        fail("one_of_assign")
    if unit is not None:
        done = assignment.assign(desk.office, number, unit, due=due, **given)
    elif accept:
        done = assignment.accept(desk.office, number, **given)
    else:
        done = assignment.hand_back(desk.office, number, **given)
    desk.warn(done.warnings)
    if desk.as_json:
        _show(desk, done.case)
    else:
        screens.unit_line(desk, lookup.view(desk.office, done.case).summary)


@command(_number, _personal)
def similar(desk: Desk, number: str, *, personal: bool) -> None:
    """Earlier requests like this one."""
    from requestflow.services.likeness import similar as act
    from requestflow.services.listing import Line

    found = act(desk.office, number)
    lines = [Line(like.row, like.now) for like in found]
    desk.warn_of_calendar()
    if desk.as_json:
        desk.print_json(
            [
                {**documents.line(line, personal=personal), "likeness": like.likeness,
                 "same_applicant": like.same_applicant}
                for line, like in zip(lines, found, strict=True)
            ]
        )  # fmt: skip
    else:
        screens.likenesses(desk, found, personal=personal)


@command(
    _number,
    click.option("--entry", type=Whole(1), required=True, metavar="N"),
    click.option("--set", "pairs", type=PAIR, multiple=True, metavar="KEY=VALUE"),
    click.option("--strike", is_flag=True),
    click.option("--reason", required=True, metavar="TEXT"),
    BY,
)
def amend(desk: Desk, number: str, *, entry: int, pairs: Any, strike: bool, **options: Any) -> None:
    """Corrects a recorded fact by a new entry."""
    from requestflow.services.processing import Wish
    from requestflow.services.processing import amend as act

    wish = Wish(entry, as_mapping(pairs), struck=strike, **options)
    done = act(desk.office, number, wish)
    desk.warn(done.warnings)
    _show(desk, done.case)
