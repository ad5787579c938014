"""`report`: the year's report in six sections, its figures those of the tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from requestflow.definitions.reader import read_text
from requestflow.definitions.report_file import PROSE, ReportPlan, load_report_plan
from requestflow.domain.identities import Identity, check
from requestflow.domain.publication import Publication, imbalances
from requestflow.domain.quoted import WIDE, judged
from requestflow.domain.tables import AnnualTable, Period
from requestflow.errors import Finding, FoundProblems, Refused, WrongUsage
from requestflow.exchange.printed_table import Words
from requestflow.exchange.publication_files import imbalance_finding, read_publication
from requestflow.exchange.report_parts import PartKind, PrintedReport, ReportPart, parts_of
from requestflow.exchange.table_layout import (
    Grid,
    applications_grid,
    broken_places,
    disputes_grid,
    publication_grid,
)
from requestflow.services.fee_income import fee_income
from requestflow.services.office import Office
from requestflow.services.report_facts import flat_figures, other_share, report_facts
from requestflow.services.timeliness import timeliness
from requestflow.services.year_profile import year_profile
from requestflow.services.year_table import Wanted, broken_identities, rollup

_HAND = 6  # signs of a clause by which it is found again in what the office wrote


@dataclass(frozen=True, slots=True)
class Sources:
    """Files that a report is made with besides the office's own data; None: none."""

    figures: Path | None = None
    prose: Path | None = None
    previous: Path | None = None


@dataclass(slots=True)
class _Made:
    """A report on its way: what keeps it from being handed in, and what is worth a look."""

    problems: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def warn(self, code: str, **facts: object) -> None:
        self.warnings.append(Finding(code, "", facts, warning=True))


@dataclass(frozen=True, slots=True)
class Report:
    """A report ready to be written, and what is worth a look before it is handed in."""

    printed: PrintedReport
    warnings: tuple[Finding, ...]


def annual_report(
    office: Office,
    year: int,
    words: Words,
    sources: Sources,
    *,
    draft: bool = False,
    without_prose: bool = False,
    pictures: str = "",
    **options: Any,
) -> Report:
    """The report of a year, 60号 and 30号: six sections, tables two, three and four.

    Args:
        office: whose.
        year: the report year.
        words: the catalogue's texts, for marks and charts.
        sources: figures of table two, the office's prose, last year's table.
        draft: whether problems are let through, the report marked as a draft and they as warnings.
        without_prose: whether a report whose parts are not all written is no draft for that.
        pictures: `svg`, `png`, or no charts.
        options: what the table is asked for with (`form`, `as_of`).

    Raises:
        FoundProblems: `report_refused`: identities that do not hold, figures of table two that
            disagree with last year's, sentences whose figures the tables contradict.
        WrongUsage, NotFound, Refused: as for `rollup` and for the files.
    """
    made = _Made()
    found = rollup(office, Wanted(year, **options))
    table, previous = found.table, _previous(office, sources.previous, year)
    identities = check(table, previous) if previous else found.identities
    made.warnings += found.warnings
    made.problems += broken_identities(table, identities)
    plan = load_report_plan(office.settings.folder)
    publication = _publication(office, table, sources.figures, made)
    period = Period(date(year, 1, 1), table.as_of or date(year, 12, 31))
    times = timeliness(office, year, as_of=options.get("as_of"))
    made.warnings += [one for one in times.warnings if one not in made.warnings]
    fees = fee_income(office, period)
    if fees.unknown:
        made.warn("fee_amount_unknown", numbers=list(fees.unknown))
    facts = report_facts(
        table, previous, publication, answers=times.total, fees=fees,
    )  # fmt: skip
    parts = _parts(plan, facts, sources.prose, words, made)
    _look(office, table, parts, plan, made)
    if made.problems and not draft:
        raise FoundProblems("report_refused", made.problems, year=year)
    unwritten = any(finding.code == "report_gaps" for finding in made.warnings)
    marked = draft or (unwritten and not without_prose)
    printed = PrintedReport(
        parts=parts,
        grids=_grids(table, identities, publication),
        mark=words("draft_mark").upper() if marked else "",
        **_charts(office, table, words, pictures, made),
    )
    return Report(printed, (*made.problems, *made.warnings))


def _previous(office: Office, path: Path | None, year: int) -> AnnualTable | None:
    """Last year's table, for the carry-over (identity 4) and the comparison."""
    from requestflow.exchange.table_files import read_table

    if path is None:
        return None
    table = read_table(path, office.forms)
    if table.year != year - 1:
        raise Refused("not_last_year", file=path.name, year=year, last=year - 1, other=table.year)
    return table


def figures_file(office: Office, year: int) -> Path:
    """Where an office keeps its figures of table two: `figures/YEAR.toml` beside its settings."""
    return office.settings.folder / "figures" / f"{year}.toml"


def _publication(
    office: Office, table: AnnualTable, given: Path | None, made: _Made
) -> Publication | None:
    """Table two's figures, held against last year's file where it lies beside."""
    form = table.form
    path = given or figures_file(office, table.year)
    if given is None and not path.exists():
        made.warn("figures_not_given", year=table.year, file=str(path))
        return None
    this = read_publication(path, table.year, form)
    lacking = [row for part in form.publication.parts for row, label in part.rows.items()
               for column in part.columns if (row, column.code) not in this.figures]  # fmt: skip
    if this.figures and not any(this.figures.values()):
        made.warn("figures_all_zero", file=path.name)
    if lacking:
        made.warn("figures_not_stated", rows=sorted(set(lacking)), file=path.name)
    before = path.with_name(f"{table.year - 1}.toml")
    if before.exists() and office.form_for(table.year - 1).publication == form.publication:
        last = read_publication(before, table.year - 1, form)
        made.problems += [imbalance_finding(path, form, fault) for fault in imbalances(this, last)]
    return this


def _parts(
    plan: ReportPlan, facts: Mapping[str, Any], prose: Path | None, words: Words, made: _Made
) -> tuple[ReportPart, ...]:
    """The text in pieces; its figures compared with the tables (identity 7), its gaps noted."""
    from requestflow.documents.report_text import report_text
    from requestflow.exchange.prose_files import read_prose

    titles = {part: plan.titles[part] for part in PROSE}
    written = read_prose(prose, titles) if prose else {}
    template = (plan.template.name, read_text(plan.template))
    text = report_text(
        template,
        facts,
        written,
        plan.titles,
        words("report_gap", title="{title}"),
        prose_file=prose.name if prose else "",
    )
    figures = flat_figures(facts)
    made.problems += [
        Finding("prose_disagrees", "", {"sentence": one.sentence, "label": one.label,
                                        "quoted": one.quoted, "stated": one.stated})
        for one in judged(text.text, plan.quoted, figures, year=facts["year"]).disagreements
    ]  # fmt: skip
    unjudged = list(_unjudged(plan, written, text.prose, figures, facts["year"]))
    if unjudged:
        made.warn("prose_not_judged", figures=unjudged)
    if text.gaps:
        made.warn("report_gaps", parts=[plan.titles[part] for part in text.gaps])
    return parts_of(text.text)


def _unjudged(
    plan: ReportPlan, written: Mapping[str, str], rendered: Mapping[str, str],
    figures: Mapping[str, int | None], year: int,
) -> Iterator[str]:  # fmt: skip
    """The numbers of 件 that the office wrote by hand and that no rule judges, in every section."""
    for part in PROSE:
        text = f"# {plan.titles[part]}\n{rendered.get(part, '')}"
        for clause in judged(text, plan.quoted, figures, year=year).unjudged:
            if clause[-_HAND:] in written[part].translate(WIDE):  # else a placeholder's own figure
                yield clause


def _look(
    office: Office, table: AnnualTable, parts: tuple[ReportPart, ...], plan: ReportPlan, made: _Made
) -> None:
    """What is worth a look: 其他处理 (60号), the length of section one (30号), a year not closed."""
    share = other_share(table)
    most = office.settings.other_share
    if share is not None and 100 * share > most:
        made.warn("other_share_high", share=round(100 * share), most=most)
    characters = _length(parts, plan.titles["overview"])
    if characters > office.settings.overview_characters:
        made.warn("overview_too_long", characters=characters, most=office.settings.overview_characters)
    if table.status != "closed":
        made.warn("report_not_closed", year=table.year)


def _length(parts: tuple[ReportPart, ...], title: str) -> int:
    """Characters of a section, its headings left out."""
    inside, characters = False, 0
    for part in parts:
        if part.kind is PartKind.HEADING:
            inside = part.text == title
        elif inside and part.kind is PartKind.PARAGRAPH:
            characters += len("".join(part.text.split()))
    return characters


def _grids(
    table: AnnualTable, identities: list[Identity], publication: Publication | None
) -> dict[str, Grid]:
    marked = broken_places(table.form, identities)
    figures = publication.figures if publication else {}
    found = {
        "table2": publication_grid(table.form.publication, figures),
        "table3": applications_grid(table, marked),
        "table4": disputes_grid(table, marked),
    }
    return {name: grid for name, grid in found.items() if grid is not None}


def _charts(
    office: Office, table: AnnualTable, words: Words, pictures: str, made: _Made
) -> dict[str, Any]:
    """The charts as the format takes them; left out with a warning where they cannot be drawn."""
    from requestflow.documents import charts

    if not pictures:
        return {}
    if not charts.available():
        made.warn("charts_missing")
        return {}
    period = Period(date(table.year, 1, 1), table.as_of or date(table.year, 12, 31))
    profile = year_profile(office, table, period)
    if pictures == "svg":
        return {"svg": charts.svg_charts(profile, words)}
    if charts.chinese_font() is None:
        made.warn("chart_fonts_missing", fonts=list(charts.FONTS))
        return {}
    return {"png": charts.png_charts(profile, words)}


_PICTURES = {".docx": "png", ".html": "svg"}


def pictures_for(path: Path) -> str:
    """What kind of charts a report of that file name takes.

    Raises:
        WrongUsage: `unknown_file_format`.
    """
    kind = _PICTURES.get(path.suffix.lower())
    if kind is None:
        raise WrongUsage("unknown_file_format", file=path.name, formats=list(_PICTURES))
    return kind


def write_report(path: Path, report: Report) -> None:
    """Writes a report in the format of the file's name, whole or not at all.

    Raises:
        WrongUsage: a file name of another format.
        Refused: the place cannot be written.
    """
    from requestflow.exchange.report_docx import report_docx
    from requestflow.exchange.report_html import report_html
    from requestflow.files import write_over

    writers = {"png": report_docx, "svg": report_html}
    write_over(path, writers[pictures_for(path)](report.printed))
