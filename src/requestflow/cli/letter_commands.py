"""Letters and fees: what a fee comes to, and whether every letter can be written."""

from typing import TYPE_CHECKING, Any

import click

from requestflow.cli.desk import Desk
from requestflow.cli.syntax import BY, YEAR, HelpedGroup, Whole, command, fail
from requestflow.domain.fees import MOST
from requestflow.domain.numbering import HIGHEST_SERIAL
from requestflow.errors import FoundProblems

if TYPE_CHECKING:
    from requestflow.services.letter_numbers import Count

_COUNT = Whole(0, MOST)


@command(
    click.option("--items", type=_COUNT, metavar="N"),
    click.option("--pages", type=_COUNT, metavar="N"),
)
def fee(desk: Desk, **counted: int | None) -> None:
    """The processing fee and its arithmetic."""
    from requestflow.cli.letter_documents import fee_document
    from requestflow.domain.fees import fee as worked_out

    given = {name: count for name, count in counted.items() if count is not None}
    if len(given) != 1:
        fail("items_or_pages")
    name, count = given.popitem()
    tariff = desk.book.workflow.fees.get(name)
    if tariff is None:
        fail("no_tariff", name=name, known=list(desk.book.workflow.fees))
    found = worked_out(tariff, count)
    document = fee_document(found)
    if desk.as_json:
        desk.print_json(document)
        return
    words = desk.words
    unit = words.words(tariff.unit)
    desk.print(words.text("fee_head", standard=tariff.words, span=tariff.span, count=count, unit=unit,
                          basis=tariff.basis))  # fmt: skip
    for step in found.steps:
        key = "fee_step" if step.rate else "fee_step_free"
        desk.print(words.text(key, first=step.first, last=step.last, count=step.count, unit=unit,
                              rate=step.rate, yuan=step.yuan))  # fmt: skip
    desk.print(words.text("fee_total", amount=found.yuan, in_words=document["amount_in_words"]))


@command()
def notices_check(desk: Desk) -> None:
    """Whether every template renders with every fact it names."""
    from requestflow.cli.letter_documents import letter_kind
    from requestflow.services.letter_check import check_letters

    found = check_letters(desk.book)
    if desk.as_json:
        document: dict[str, Any] = {
            "holds": found.holds,
            "letters": [letter_kind(checked.kind, own=checked.own) for checked in found.letters],
            "problems": [desk.finding_document(f) for f in [*found.problems, *found.warnings]],
        }
        desk.print_json(document)
    else:
        table = desk.table("notice", "title", "template")
        for checked in found.letters:
            own = desk.words.text("own_template") if checked.own else ""
            kind = checked.kind
            table.add_row(kind.code, desk.words.words(kind.words), kind.template + own)
        desk.console.print(table)
        desk.warn(found.warnings)
    if not found.holds:
        raise FoundProblems("notices_failed", () if desk.as_json else found.problems,
                            count=len(found.problems))  # fmt: skip
    if not desk.as_json:
        desk.print(desk.words.text("notices_hold", count=len(found.letters)))


@command(click.option("--year", type=YEAR, metavar="YEAR"))
def notices_series(desk: Desk, year: int | None) -> None:
    """How far each series of letter numbers has come in a year."""
    from requestflow.services import letter_numbers

    _say_counts(desk, letter_numbers.counts(desk.office, year or desk.office.today().year))


@command(
    click.argument("series"),
    click.option("--last", type=Whole(0, HIGHEST_SERIAL - 1), required=True, metavar="N"),
    click.option("--year", type=YEAR, metavar="YEAR"),
    click.option("--reason", default="", metavar="TEXT"),
    BY,
)
def notices_continue(
    desk: Desk, series: str, *, last: int, year: int | None, reason: str, by: str | None
) -> None:
    """Lets a series go on from the last number of the paper book."""
    from requestflow.cli.letter_documents import series_count
    from requestflow.services.letter_numbers import continue_series

    office = desk.office
    found = continue_series(
        office, series, year=year or office.today().year, last=last, reason=reason, by=by
    )
    if desk.as_json:
        desk.print_json(series_count(found))
    else:
        desk.print(desk.words.text("series_continued", series=found.series.words, year=found.year,
                                   last=last, number=found.following))  # fmt: skip


def _say_counts(desk: Desk, found: list["Count"]) -> None:
    from requestflow.cli.letter_documents import series_count

    if desk.as_json:
        desk.print_json([series_count(one) for one in found])
        return
    table = desk.table(
        "series", "series_name", "series_year", "on_paper", "issued", "next_number", "continued"
    )
    for one in found:
        start = one.start
        table.add_row(
            one.series.name,
            desk.words.words(one.series.words),
            str(one.year),
            str(start.last) if start else "",
            str(one.issued),
            one.following,
            f"{start.entry.on} {start.entry.by} {start.reason}" if start else "",
        )
    desk.console.print(table)


notices = HelpedGroup(
    "notices",
    lazy={
        "check": lambda: notices_check,
        "series": lambda: notices_series,
        "continue": lambda: notices_continue,
    },
)
