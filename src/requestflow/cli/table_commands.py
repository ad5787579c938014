"""Annual tables from anywhere: checked, held against one another, added up."""

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from requestflow.cli.desk import Desk
from requestflow.cli.syntax import BY, FILE, YEAR, command, fail
from requestflow.errors import FoundProblems

if TYPE_CHECKING:
    from requestflow.domain.aggregates import Share
    from requestflow.services.checking import Checked

_FILES = click.argument("files", nargs=-1, type=FILE, metavar="FILE…|FOLDER…")
_FORM = click.option("--form", metavar="2019|2021")


@command(
    _FILES,
    click.option("--against", type=FILE, metavar="FILE"),
    click.option("--children", multiple=True, type=FILE, metavar="FILE|FOLDER"),
    click.option("--year", type=YEAR),
    _FORM,
    click.option("--office", metavar="NAME"),
    click.option("--cell", metavar="ROW:COLUMN"),
    click.option("--dismiss", multiple=True, metavar="ID"),
    click.option("--reason"),
    BY,
)
def check(
    desk: Desk, files: tuple[Path, ...], *, cell: str | None, dismiss: tuple[str, ...], **options: Any
) -> None:
    """The identities of any table."""
    from requestflow.cli import table_documents, table_screens
    from requestflow.services import checking

    if not files:
        fail("missing_parameter", name="FILE", command="requestflow check")
    if cell is not None:
        _contributions(desk, files, cell)
        return
    if bool(dismiss) != bool((options["reason"] or "").strip()):
        fail("dismiss_needs_reason")
    record = _record(desk, files)
    found = _judge(desk, files, record, options)
    if dismiss:
        found = _dismiss(desk, found, dismiss, record, options)
    if any(path.is_dir() for path in files):
        found = checking.worst_first(found)
    if desk.as_json:
        desk.print_json([table_documents.checked_document(desk, one) for one in found])
    else:
        table_screens.verdicts(desk, found)
    _conclude(desk, found)


def _record(desk: Desk, files: Sequence[Path]) -> Path:
    """Where dismissals are kept: beside the config; without one, in the folder that is checked."""
    from requestflow.exchange.dismissal_file import FILE as NAME

    if desk.named or desk.config.exists():
        return desk.config.parent / NAME
    return (files[0] if files[0].is_dir() else files[0].parent) / NAME


def _judge(desk: Desk, files: Sequence[Path], record: Path, options: dict[str, Any]) -> "list[Checked]":
    from requestflow.exchange.dismissal_file import read_dismissals
    from requestflow.exchange.table_readers import Told
    from requestflow.services.checking import Question, check_files

    question = Question(
        told=Told(options["year"], options["form"], options["office"]),
        against=options["against"],
        children=options["children"],
        dismissals=read_dismissals(record),
    )
    with desk.progress("checking") as progress:
        return check_files(desk.book, files, question, progress)


def _dismiss(
    desk: Desk, found: "list[Checked]", ids: Sequence[str], record: Path, options: dict[str, Any]
) -> "list[Checked]":
    """Puts on record that findings are let stand, by whom and why."""
    from requestflow.exchange.dismissal_file import add_dismissals
    from requestflow.services import dismissing

    chosen = dismissing.to_dismiss(found, ids)
    by, at = _who_and_when(desk, options["by"])
    added = [
        dismissing.dismissal(c, i, reason=options["reason"].strip(), by=by, at=at) for c, i in chosen
    ]
    add_dismissals(record, added)
    desk.tell(desk.words.text("dismissed_in", count=len(added), file=record))
    return dismissing.with_dismissals(found, added)


def _who_and_when(desk: Desk, by: str | None) -> tuple[str, str]:
    """The person, of the office's people where there is an office; and the moment in UTC."""
    from zoneinfo import ZoneInfo

    from requestflow.wallclock import SystemClock

    if desk.named or desk.config.exists():
        return desk.office.person(by).name, desk.office.clock.now().isoformat()
    if not (by or "").strip():
        fail("missing_parameter", name="--by", command="requestflow check --dismiss")
    return str(by).strip(), SystemClock(ZoneInfo("Asia/Shanghai")).now().astimezone(UTC).isoformat()


def _conclude(desk: Desk, found: "list[Checked]") -> None:
    """What was not judged is named; a broken table or an unreadable file makes the check fail."""
    unread = [one for one in found if one.error is not None]
    unsure = [one.file for one in found if one.verdict == "not_assessable" and one.error is None]
    if unsure and desk.as_json:
        desk.tell(desk.words.text("warning", text=desk.words.text("not_assessed", files=unsure)))
    wrong = [one.file for one in found if one.broken]
    if not wrong and not unread:
        return
    listed = [_unread(one) for one in unread]
    if wrong:
        raise FoundProblems("check_failed", listed, files=wrong)
    raise FoundProblems("check_incomplete", listed, count=len(unread))


def _unread(one: "Checked") -> Any:
    from requestflow.errors import Finding

    error = one.error
    return Finding(error.code, one.file, error.facts) if error else Finding("", one.file)


def _contributions(desk: Desk, files: Sequence[Path], cell: str) -> None:
    from requestflow.services.checking import contributions

    if len(files) != 1:
        fail("cell_of_one_table")
    figure, shares = contributions(desk.book, files[0], cell)
    _shares(desk, cell, figure, shares)


def _shares(desk: Desk, cell: str, figure: int | None, found: "Sequence[Share]") -> None:
    from requestflow.cli import table_documents, table_screens

    if desk.as_json:
        desk.print_json(table_documents.shares(cell, figure, found))
    else:
        table_screens.shares(desk, cell, figure, found)


@command(
    _FILES,
    click.option("--office", required=True, metavar="NAME"),
    click.option("-o", "output", type=FILE, metavar="FILE.xlsx|.docx|.html|.csv|.json"),
    click.option("--year", type=YEAR),
    _FORM,
    click.option("--force-form", is_flag=True),
    click.option("--expect", type=FILE, metavar="FILE"),
    click.option("--cell", metavar="ROW:COLUMN"),
)
def merge(
    desk: Desk, files: tuple[Path, ...], *, output: Path | None, cell: str | None, **options: Any
) -> None:
    """The sum of subordinate tables."""
    from requestflow.cli import annual_screens, table_output
    from requestflow.domain.aggregates import figure_of, place_in, shares
    from requestflow.domain.years import whole
    from requestflow.exchange.dismissal_file import read_dismissals
    from requestflow.services.merging import Wanted, merge_files

    if not files:
        fail("missing_parameter", name="FILE", command="requestflow merge")
    table_output.check_format(output)
    wanted = Wanted(**options, dismissals=read_dismissals(_record(desk, files)))
    with desk.progress("merging") as progress:
        found = merge_files(desk.book, files, wanted, progress)
    desk.warn(found.warnings)
    table = found.table
    place = place_in(table.form, cell) if cell is not None else None
    if output is not None:
        table_output.write(desk, found, output)
        desk.tell(desk.words.text("merged", count=len(table.sources), file=output))
    if place is not None:
        _shares(desk, cell or "", figure_of(table, *place), shares(table.sources, *place))
    elif output is None and desk.as_json:
        table_output.print_document(desk, found)
    elif output is None:
        annual_screens.annual_table(desk, table, found.identities, whole(table.year))
