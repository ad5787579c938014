"""The clock's commands: why a case is due on its day, and what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from requestflow.cli import documents
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import FILE, Whole, command, fail
from requestflow.domain.facts import parse_day

if TYPE_CHECKING:
    from requestflow.domain.entries import Entry

_ICS = ".ics"


def _assumption(text: str) -> Any:
    """`extend@2026-12-01`, with facts after a colon: `extend@2026-12-01:days=10,by=…`."""
    from requestflow.services.processing import Step

    head, _, facts = text.partition(":")
    name, _, on = head.partition("@")
    pairs = [item.partition("=") for item in facts.split(",") if item]
    if not name or any(not equals for _key, equals, _value in pairs):
        fail("bad_assumption", text=text)
    return Step(name, {key: value for key, _, value in pairs}, on=parse_day(on) if on else None)


@command(
    click.argument("number"),
    click.option("--assume", multiple=True, metavar="NAME@DATE[:KEY=VALUE,…]"),
)
def deadline(desk: Desk, number: str, *, assume: tuple[str, ...]) -> None:
    """Why it is due on that day."""
    from requestflow.cli.explanation import not_counted, show_deadline
    from requestflow.services import casework

    office = desk.office
    case = casework.read(office, number)
    steps = [_assumption(text) for text in assume]
    as_of = office.today()
    taken: Sequence[Entry] = ()
    if steps:
        from requestflow.services.processing import assumed

        moved = assumed(office, case, steps)
        desk.warn(moved.warnings)
        before, case = len(case.history), moved.case
        taken = case.history[before:]
        as_of = max([as_of, *(step.on for step in steps if step.on)])
    found = case.deadline(as_of, office.rules)
    skipped = not_counted(case, found, office.calendar)
    if desk.as_json:
        document = documents.deadline(case.application.number, found, skipped)
        desk.print_json({**document, "assumed": list(assume)} if assume else document)
    else:
        show_deadline(
            desk,
            case,
            found,
            skipped,
            [(entry, step.given) for entry, step in zip(taken, steps, strict=True)],
        )


@command(
    click.option("--within", type=Whole(0, 1000), metavar="N"),
    click.option("--all", "all_of_them", is_flag=True),
    click.option("--unit", metavar="U"),
    click.option("-o", "output", type=FILE, metavar="FILE.ics"),
    click.option("--personal", is_flag=True),
)
def due(
    desk: Desk, *, output: Path | None, personal: bool, **narrowed: Any
) -> None:  # within, all_of_them, unit
    """What is owed, most urgent first."""
    from requestflow.cli.agenda_screen import show_agenda
    from requestflow.services.agenda import agenda

    if output is not None and output.suffix != _ICS:
        fail("unknown_file_format", file=output.name, formats=_ICS)
    items = agenda(desk.office, **narrowed)
    desk.warn_of_calendar()
    if output is not None:
        _write_calendar(desk, items, output)
    elif desk.as_json:
        _print_items(desk, items, personal=personal)
    else:
        show_agenda(desk, items, personal=personal)


def _print_items(desk: Desk, items: Any, *, personal: bool) -> None:
    """What is owed as JSON: a case as `show` has it, without its history, or the office's own duty."""
    from requestflow.services.listing import open_steps

    steps = open_steps(desk.office, [item.line for item in items if item.line])
    desk.print_json(
        [documents.item(item, steps, desk.office.workflow, personal=personal) for item in items]
    )


def _write_calendar(desk: Desk, items: Any, output: Path) -> None:
    from requestflow.cli.agenda_screen import calendar_entries
    from requestflow.exchange.ics import calendar_file
    from requestflow.files import write_over

    office = desk.office
    desk.settle_language()
    made = calendar_file(office.name, calendar_entries(desk, items), office.today())
    write_over(output, made)
    count = sum(len(item.duties) for item in items)
    if desk.as_json:
        desk.print_json({"file": str(output), "events": count})
    else:
        desk.print(desk.words.text("calendar_written", file=output, count=count))
