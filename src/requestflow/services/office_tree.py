"""The offices of one database: added, moved, listed; the tree by which tables are summed.

An aggregate is the government together with its general office as one unit, its departments, and the
next level's aggregates [text 30号]; a vertically led organ reports up a line of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from requestflow.domain.facts import near
from requestflow.domain.placements import ADD, MOVE, TREE_ACTS, placements_on
from requestflow.domain.workflow import LEVELS
from requestflow.errors import NotFound, Refused, WrongUsage
from requestflow.services import office_acts
from requestflow.services.office import Office
from requestflow.storage import ledger, office_store, owing
from requestflow.storage.database import Session
from requestflow.storage.office_store import OfficeRow


@dataclass(frozen=True, slots=True)
class Node:
    """An office and those below it."""

    row: OfficeRow
    children: tuple["Node", ...]

    def all(self) -> Iterator["Node"]:
        """The office and everything below it, top to bottom."""
        yield self
        for child in self.children:
            yield from child.all()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an office is to stand: below which, at which level, led from above or from beside."""

    parent: str | None = None
    level: str | None = None
    vertical: bool = False


def grown(rows: list[OfficeRow], parent_id: int | None = None) -> tuple[Node, ...]:
    """The trees that rows make, the office without a parent on top."""
    return tuple(Node(row, grown(rows, row.id)) for row in rows if row.parent_id == parent_id)


def find(session: Session, name: str) -> Node:
    """The office of that name, with those below it.

    Raises:
        NotFound: `office_unknown`, with the known ones.
    """
    return _found(office_store.every(session), name)


def _found(rows: list[OfficeRow], name: str) -> Node:
    for tree in grown(rows):
        for node in tree.all():
            if node.row.name == name:
                return node
    names = [row.name for row in rows]
    raise NotFound("office_unknown", office=name, known=near(name, names) or names)


def find_on(session: Session, name: str, day: date) -> Node:
    """The office of that name with those that stood below it at the end of a day.

    One that came later and has no application of that time stands by itself; one that brought its
    register along stands where it was put first.

    Raises:
        NotFound: `office_unknown`, with the known ones.
    """
    there = office_store.every(session)
    stood = placements_on(ledger.acts_of_all(session, TREE_ACTS), day)
    keys = {row.name: row.id for row in there}

    def placed(row: OfficeRow) -> OfficeRow:
        if row.name in stood.later and not owing.received_by(office_store.at(session, row.id), day):
            return replace(row, parent_id=None)
        place = stood.of(row.name)
        parent = keys.get(place.parent or "")
        return replace(row, parent_id=parent, level=place.level, vertical=place.vertical)

    return _found([placed(row) for row in there], name)


def tree(office: Office) -> tuple[Node, ...]:
    """Every office of the database, as trees."""
    with office.reading() as session:
        return grown(office_store.every(session))


def _parent_id(session: Session, place: Place) -> int | None:
    return find(session, place.parent).row.id if place.parent is not None else None


def _check_level(level: str | None) -> None:
    if level is not None and level not in LEVELS:
        raise WrongUsage("not_one_of", text=level, words=list(LEVELS))


def _facts(name: str, place: Place) -> dict[str, Any]:
    return {"office": name, "parent": place.parent, "level": place.level, "vertical": place.vertical}


def add(
    office: Office, name: str, place: Place, folder: Path | None = None, by: str | None = None
) -> Path:
    """Founds another office in the same database, and writes its settings into a folder of its own.

    The settings are this office's with another name, without what letters say of the organ itself; the
    database knows where it stands.

    Raises:
        Refused: there is an office of that name; the folder has settings, or cannot be written.
        NotFound: the parent is unknown.
        WrongUsage: a name that no office has.
    """
    from requestflow.services.upkeep import checked_name, write_settings_beside

    name = checked_name(name)
    person = office.person(by)
    _check_level(place.level)
    with office.writing() as session:
        office_store.hold_tree(session)
        if any(row.name == name for row in office_store.every(session)):
            raise Refused("office_taken", office=name)
        parent = _parent_id(session, place)
        office_store.add(session, name, parent_id=parent, level=place.level, vertical=place.vertical)
        office_acts.record(office, session, ADD, person, on=office.today(), data=_facts(name, place))
        path = write_settings_beside(office.settings, name, folder)
        session.commit()
    return path


def move(office: Office, name: str, place: Place, by: str | None = None) -> OfficeRow:
    """Puts an office below another one, or on top, from today: sums of earlier periods stay.

    It is for whoever may open a closed year: both change what sums are made of.

    Raises:
        Refused: it would stand below itself; the person may not.
        NotFound: one of the two is unknown.
    """
    person = office_acts.acting(office, by, office.workflow.year.reopen_by, "move_needs_role")
    _check_level(place.level)
    with office.writing() as session:
        office_store.hold_tree(session)
        node = find(session, name)
        parent = _parent_id(session, place)
        if parent in {below.row.id for below in node.all()}:
            raise Refused("office_below_itself", office=name, parent=place.parent)
        level = place.level or node.row.level
        values = {"parent_id": parent, "level": level, "vertical": place.vertical}
        office_store.update(session, node.row.id, values)
        data = _facts(name, replace(place, level=level)) | office_acts.entered_by(office, by, person)
        office_acts.record(office, session, MOVE, person, on=office.today(), data=data)
        session.commit()
    return OfficeRow(node.row.id, name, parent, level, place.vertical, node.row.entries)
