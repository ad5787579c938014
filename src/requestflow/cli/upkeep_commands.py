"""Upkeep: founding an office, bringing in a register, checking rules, calendars and the history."""

from pathlib import Path
from typing import Any

import click

from requestflow.cli import documents, screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import BY, FILE, HelpedGroup, command, fail
from requestflow.errors import FoundProblems, Refused


@command(
    click.argument("folder", type=FILE, default=".", metavar="[DIR]"),
    click.option("--office", required=True, metavar="NAME"),
    click.option("--database", metavar="URL"),
)
def init(desk: Desk, folder: Path, *, office: str, database: str | None) -> None:
    """A new office."""
    from requestflow.services.upkeep import init as act

    path = act(folder, office, database)
    if desk.as_json:
        desk.print_json({"office": office, "config": str(path)})
    else:
        desk.print(desk.words.text("office_made", office=office, file=path))


@command(
    click.argument("file", type=FILE, required=False, metavar="[FILE]"),
    click.option("--dry-run", is_flag=True),
    click.option("--mapping", type=FILE, metavar="FILE"),
    click.option("--template", type=FILE, metavar="FILE.xlsx"),
    BY,
)
def import_(desk: Desk, file: Path | None, *, template: Path | None, **options: Any) -> None:
    """Brings in a register: every row, or none."""
    from requestflow.services.importing import import_register

    if template is not None:
        _template(desk, template)
        return
    if file is None:
        fail("missing_parameter", name="FILE", command="requestflow import")
    with desk.progress("importing") as progress:
        done = import_register(desk.office, file, progress=progress, **options)
    desk.warn(done.warnings)
    if desk.as_json:
        desk.print_json(documents.imported(done, desk))
        return
    key = "would_import" if done.dry_run else "imported"
    desk.print(desk.words.text(key, count=done.applications, concluded=done.concluded,
                               open=done.applications - done.concluded))  # fmt: skip


def _template(desk: Desk, path: Path) -> None:
    from requestflow.exchange.register_template import write_template

    workflow = desk.book.workflow
    write_template(
        path,
        kinds=list(desk.book.kinds.values()),
        outcomes=[outcome.words.zh for outcome in workflow.outcomes.values()],
        channels=[channel.words.zh for channel in workflow.channels.values()],
    )
    if desk.as_json:
        desk.print_json({"template": str(path)})
    else:
        desk.print(desk.words.text("template_made", file=path))


@command()
def verify(desk: Desk) -> None:
    """Whether history, rows and figures hold together."""
    from requestflow.services.verification import verify as act

    with desk.progress("verifying") as progress:
        verdict = act(desk.office, progress)
    desk.warn(verdict.notes)
    if desk.as_json:
        desk.print_json(documents.verdict(verdict, desk))
    else:
        desk.print(desk.words.text("verified", applications=verdict.applications,
                                   entries=verdict.entries, digest=verdict.digest))  # fmt: skip
    if verdict.holds:
        return
    if all(one.code == "calendar_not_refreshed" for one in verdict.problems):
        raise FoundProblems("verify_refresh_owed", ())
    listed = () if desk.as_json else verdict.problems
    raise FoundProblems("verify_failed", listed, count=len(verdict.problems))


@command()
def upgrade(desk: Desk) -> None:
    """Brings a database of an older version to this one."""
    from requestflow.services.upgrading import upgrade as act

    with desk.progress("upgrading") as progress:
        done = act(desk.office, progress)
    copy = str(done.copy) if done.copy else None
    if desk.as_json:
        desk.print_json(
            {"from": done.found, "to": done.revision, "copy": copy, "filled": done.filled,
             "moved": [documents.moved(one) for one in done.moved]}
        )  # fmt: skip
        return
    key = "upgraded_already" if done.found == done.revision else "upgraded"
    desk.print(desk.words.text(key, old=done.found, new=done.revision, count=done.filled))
    if done.moved:
        screens.moved(desk, done.moved)
    if copy:
        desk.print(desk.words.text("upgrade_copy", file=copy))


@command(click.argument("file", type=FILE, required=False, metavar="[FILE]"))
def workflow_check(desk: Desk, file: Path | None) -> None:
    """Checks a workflow file."""
    flow, forms = _workflow(desk, file)
    if desk.as_json:
        desk.print_json(
            {"holds": True, "workflow": flow.name, "version": flow.version,
             "states": list(flow.states), "transitions": list(flow.transitions),
             "outcomes": list(flow.outcomes), "forms": list(forms),
             "switches": {name: switch.value for name, switch in flow.switches.items()}}
        )  # fmt: skip
    else:
        screens.workflow(desk, flow)


def _workflow(desk: Desk, file: Path | None) -> Any:
    from requestflow.definitions.workflow_file import load_workflow

    if file is not None:
        return load_workflow(file)
    return desk.book.workflow, desk.book.forms


@command(
    click.argument("file", type=FILE, required=False, metavar="[FILE]"),
    click.option("-o", "output", type=FILE, metavar="FILE.svg|.mmd"),
    no_json=True,
)
def workflow_diagram(desk: Desk, file: Path | None, *, output: Path | None) -> None:
    """Draws a workflow."""
    from requestflow.exchange.diagrams import mermaid, svg
    from requestflow.files import write_over

    flow, _forms = _workflow(desk, file)
    if output is None:
        desk.print(mermaid(flow, desk.words.lang).rstrip())
        return
    if output.suffix not in (".svg", ".mmd"):
        fail("unknown_file_format", file=output.name, formats=".svg .mmd")
    text = (svg if output.suffix == ".svg" else mermaid)(flow, desk.words.lang)
    write_over(output, text.encode())
    desk.print(desk.words.text("written", file=output))


@command(click.argument("folder", type=FILE, required=False, metavar="[DIR]"), no_json=True)
def demo(desk: Desk, folder: Path | None) -> None:
    """A whole year of a sample office."""
    from requestflow.cli.main import main
    from requestflow.services.rehearsal import rehearse

    status = rehearse(folder, desk.words.lang, main, desk.print)
    if status:
        raise Refused("demo_failed", status=status)


workflow = HelpedGroup(
    "workflow",
    lazy={"check": lambda: workflow_check, "diagram": lambda: workflow_diagram},
)
