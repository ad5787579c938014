"""The year on paper: the report in six sections, and how the answers kept their time."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from requestflow.cli.desk import Desk
from requestflow.cli.syntax import DAY, FILE, YEAR, OneOf, command, fail

if TYPE_CHECKING:
    from requestflow.domain.answer_times import Timeliness
    from requestflow.services.timeliness import TimelinessReport

REPORT = "zh"  # the language of an official document, whichever the screen speaks
_FIGURES = ("cases", "on_time", "on_time_original", "late", "ended", "open", "overdue", "extended")


@command(
    click.argument("year", type=YEAR),
    click.option("-o", "output", type=FILE, metavar="FILE.docx|.html"),
    click.option("--figures", type=FILE, metavar="FILE.toml"),
    click.option("--prose", type=FILE, metavar="FILE.md|.toml"),
    click.option("--previous", type=FILE, metavar="FILE"),
    click.option("--form", metavar="2019|2021"),
    click.option("--as-of", type=DAY),
    click.option("--draft", is_flag=True),
    click.option("--without-prose", is_flag=True),
    click.option("--figures-template", type=FILE, metavar="FILE.toml"),
)
def report(
    desk: Desk, year: int, *, output: Path | None, figures_template: Path | None, **options: Any
) -> None:
    """The annual report."""
    from requestflow.messages.catalogue import Catalogue
    from requestflow.services.annual_report import Sources, annual_report, pictures_for, write_report

    if figures_template is not None:
        _template(desk, year, figures_template, options["form"])
        return
    if output is None:
        fail("missing_parameter", name="-o", command="requestflow report")
    sources = Sources(*(options.pop(name) for name in ("figures", "prose", "previous")))
    text = Catalogue(REPORT).text
    made = annual_report(desk.office, year, text, sources, pictures=pictures_for(output), **options)
    write_report(output, made)
    desk.warn(list(made.warnings))
    if desk.as_json:
        warnings = [desk.finding_document(finding) for finding in made.warnings]
        desk.print_json({"file": str(output), "draft": bool(made.printed.mark), "warnings": warnings})
    else:
        desk.tell(desk.words.text("written", file=output))


def _template(desk: Desk, year: int, path: Path, form: str | None) -> None:
    from requestflow.exchange.publication_files import write_figures_template

    write_figures_template(path, year, desk.book.form_for(year, form))
    if desk.as_json:
        desk.print_json({"template": str(path)})
    else:
        desk.print(desk.words.text("figures_template_made", file=path))


@command(
    click.argument("year", type=YEAR),
    click.option("--by", type=OneOf("unit", "month"), metavar="unit|month"),
    click.option("--as-of", type=DAY),
)
def timeliness(desk: Desk, year: int, **options: Any) -> None:
    """How many of a year's cases were answered on time."""
    from requestflow.services.timeliness import timeliness as act

    found = act(desk.office, year, **options)
    desk.warn(list(found.warnings))
    if desk.as_json:
        desk.print_json(
            {
                "office": desk.office.name,
                "year": found.year,
                "as_of": found.as_of.isoformat(),
                "by": found.by,
                "total": _document(found.total),
                "groups": [{"group": g.group, **_document(g)} for g in found.groups],
                "warnings": [desk.finding_document(one) for one in found.warnings],
            }
        )
    else:
        _screen(desk, found)


def _document(group: "Timeliness") -> dict[str, Any]:
    share = group.share
    figures = {name: getattr(group, name) for name in _FIGURES}
    return {**figures, "share": None if share is None else round(share, 4)}


def _screen(desk: Desk, found: "TimelinessReport") -> None:
    from requestflow.cli.case_words import unit_name

    words = desk.words
    desk.print(words.text("timeliness_title", office=desk.office.name, year=found.year,
                          as_of=found.as_of))  # fmt: skip
    table = desk.table()
    table.add_column(words.text(f"head_by_{found.by}") if found.by else "")
    for name in (*_FIGURES, "share"):
        table.add_column(words.text(f"head_{name}"), justify="right")
    for group in (*found.groups, found.total):
        whole = group is found.total
        named = unit_name(desk, group.group) or words.text("timeliness_unassigned")
        name = words.text("timeliness_total") if whole else named
        share = words.text("none") if group.share is None else f"{group.share:.1%}"
        table.add_row(name, *(str(getattr(group, figure)) for figure in _FIGURES), share)
    desk.console.print(table)
    desk.print(words.text("timeliness_rule"))
