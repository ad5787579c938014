"""Earlier requests like one: what a reply to a repeated request has to name, art. 36(6)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from requestflow.domain.summary import DueNow, due_now
from requestflow.services.office import Office
from requestflow.storage import registry

MOST = 10
LEAST_LIKE = 50.0  # of 100; below this two subjects have little in common
LEAST_LIKE_SAME_APPLICANT = 30.0


@dataclass(frozen=True, slots=True)
class Like:
    """An earlier application, how alike it is (0 to 100), and whether the applicant is the same.

    `now` is its due date as of today.
    """

    row: registry.Registered
    now: DueNow
    likeness: float
    same_applicant: bool


def _plain(text: str) -> str:
    """A text without what typing varies: width, case, white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def same_applicant(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two applicants are the same: by document number where both have one, else by name."""
    for fact in ("id_number", "name"):
        if one.get(fact) and other.get(fact):
            return _plain(one[fact]) == _plain(other[fact])
    return False


def similar(office: Office, number: str) -> list[Like]:
    """Earlier requests like this one: by the same applicant first, then by likeness.

    Raises:
        NotFound: there is no application of that number.
    """
    from rapidfuzz import fuzz

    with office.reading() as session:
        asked = registry.find(session, number)
        subject = _plain(asked.summary.subject)
        found: list[tuple[bool, float, str]] = []
        for other, text, name, id_number in registry.subjects(session, asked.summary.received):
            if other == number:
                continue
            other_one = {"name": name or "", "id_number": id_number or ""}
            same = same_applicant(other_one, asked.applicant)
            least = LEAST_LIKE_SAME_APPLICANT if same else LEAST_LIKE
            likeness = fuzz.ratio(subject, _plain(text), score_cutoff=least)
            if likeness:
                found.append((same, likeness, other))
        found.sort(key=lambda item: (not item[0], -item[1], item[2]))
        calendar, today = office.calendar_of_copies(session), office.today()
        rows = [
            (registry.find(session, other), likeness, same) for same, likeness, other in found[:MOST]
        ]
        return [
            Like(row, due_now(row.summary, today, calendar), round(likeness, 1), same)
            for row, likeness, same in rows
        ]
