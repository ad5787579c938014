"""Reviews and suits: opened, closed, listed, corrected, voided."""

from datetime import date
from typing import Any

import click

from requestflow.cli import year_documents, year_screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import BY, DAY, PAIR, YEAR, HelpedGroup, as_mapping, command

_ID = click.argument("dispute", metavar="ID")
_REASON = click.option("--reason", required=True, metavar="TEXT")


def _told(desk: Desk, told: Any) -> None:
    desk.warn(told.warnings)
    if desk.as_json:
        desk.print_json(year_documents.dispute(told.dispute))
    else:
        year_screens.dispute(desk, told.dispute)


@command(
    click.argument("number", required=False, metavar="[NUMBER]"),
    click.option("--kind", required=True, metavar="review|suit_direct|suit_after_review"),
    click.option("--filed", type=DAY, required=True),
    click.option("--organ", metavar="ORGAN"),
    click.option("--co-defendant", metavar="ORGAN"),
    click.option("--review", metavar="ID"),
    click.option("--note", metavar="TEXT"),
    BY,
)
def dispute_open(desk: Desk, number: str | None, *, by: str | None, **facts: Any) -> None:
    """Records a review or a suit."""
    from requestflow.domain.disputes import Dispute
    from requestflow.services.disputing import open_dispute

    _told(desk, open_dispute(desk.office, Dispute(number="", application=number, **facts), by))


@command(
    _ID,
    click.option("--result", required=True, metavar="upheld|corrected|other"),
    click.option("--on", type=DAY, required=True),
    BY,
)
def dispute_close(desk: Desk, dispute: str, *, result: str, on: date, by: str | None) -> None:
    """Records how a review or suit ended."""
    from requestflow.services.disputing import close_dispute

    _told(desk, close_dispute(desk.office, dispute, result, on, by))


@command(
    click.option("--year", type=YEAR, metavar="YEAR"),
    click.option("--open", "pending", is_flag=True),
    click.option("--personal", is_flag=True),
)
def dispute_list(desk: Desk, *, year: int | None, pending: bool, personal: bool) -> None:
    """Reviews and suits, oldest first."""
    from requestflow.services.disputing import listed

    found = listed(desk.office, year=year, pending=pending)
    if desk.as_json:
        desk.print_json([year_documents.dispute(one, personal=personal) for one in found])
    else:
        year_screens.disputes(desk, found)


@command(_ID, click.option("--set", "pairs", type=PAIR, multiple=True, metavar="KEY=VALUE"),
         _REASON, BY)  # fmt: skip
def dispute_amend(
    desk: Desk, dispute: str, *, pairs: tuple[tuple[str, str], ...], reason: str, by: str | None
) -> None:
    """Corrects what was recorded of a review or suit."""
    from requestflow.services.disputing import amend_dispute

    _told(desk, amend_dispute(desk.office, dispute, as_mapping(pairs), reason, by))


@command(_ID, _REASON, BY)
def dispute_void(desk: Desk, dispute: str, *, reason: str, by: str | None) -> None:
    """Takes a mistaken review or suit out of every figure."""
    from requestflow.services.disputing import void_dispute

    _told(desk, void_dispute(desk.office, dispute, reason, by))


dispute = HelpedGroup(
    "dispute",
    lazy={
        "open": lambda: dispute_open,
        "close": lambda: dispute_close,
        "list": lambda: dispute_list,
        "amend": lambda: dispute_amend,
        "void": lambda: dispute_void,
    },
)
