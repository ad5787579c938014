"""The offices of one database: founded, moved, shown as a tree."""

from pathlib import Path
from typing import Any

import click

from requestflow.cli import year_documents, year_screens
from requestflow.cli.desk import Desk
from requestflow.cli.syntax import BY, FILE, HelpedGroup, command

_PARENT = click.option("--parent", metavar="NAME")
_LEVEL = click.option("--level", metavar="department|county|city|province")
_VERTICAL = click.option("--vertical", is_flag=True)


@command(
    click.argument("name"),
    _PARENT,
    _LEVEL,
    _VERTICAL,
    click.option("--folder", type=FILE, metavar="DIR"),
    BY,
)
def office_add(desk: Desk, name: str, *, folder: Path | None, by: str | None, **place: Any) -> None:
    """Another office in the same database, with settings of its own."""
    from requestflow.services import office_tree

    path = office_tree.add(desk.office, name, office_tree.Place(**place), folder, by)
    if desk.as_json:
        desk.print_json({"office": name.strip(), "config": str(path)})
    else:
        desk.print(desk.words.text("office_made", office=name.strip(), file=path))


@command()
def office_list(desk: Desk) -> None:
    """Every office of the database, as a tree."""
    from requestflow.services import office_tree

    found = office_tree.tree(desk.office)
    if desk.as_json:
        desk.print_json([year_documents.node(one) for one in found])
    else:
        year_screens.tree(desk, found)


@command(click.argument("name"), _PARENT, _LEVEL, _VERTICAL, BY)
def office_move(desk: Desk, name: str, *, by: str | None, **place: Any) -> None:
    """Puts an office below another one, or on top."""
    from requestflow.services import office_tree

    row = office_tree.move(desk.office, name, office_tree.Place(**place), by)
    if desk.as_json:
        desk.print_json({"office": row.name, "parent": place["parent"], "level": row.level,
                         "vertical": row.vertical})  # fmt: skip
    else:
        year_screens.tree(desk, office_tree.tree(desk.office))


office = HelpedGroup(
    "office",
    lazy={"add": lambda: office_add, "list": lambda: office_list, "move": lambda: office_move},
)
