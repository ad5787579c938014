"""Earlier requests like one: what a reply to a repeated request has to name, art. 36(6)."""

import unicodedata
from dataclasses import dataclass

from requestflow.services.office import Office
from requestflow.storage import registry

MOST = 10
LEAST_LIKE = 50.0  # of 100; below this two subjects have little in common
LEAST_LIKE_SAME_APPLICANT = 30.0


@dataclass(frozen=True, slots=True)
class Like:
    """An earlier application, how alike it is (0 to 100), and whether the applicant is the same."""

    row: registry.Registered
    likeness: float
    same_applicant: bool


def _plain(text: str) -> str:
    """A text without what typing varies: width, case, white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _same(name: str | None, id_number: str | None, of: registry.Registered) -> bool:
    mine = of.applicant
    if id_number and mine.get("id_number"):
        return _plain(id_number) == _plain(mine["id_number"])
    return bool(name) and _plain(name or "") == _plain(mine.get("name", ""))


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
            same = _same(name, id_number, asked)
            least = LEAST_LIKE_SAME_APPLICANT if same else LEAST_LIKE
            likeness = fuzz.ratio(subject, _plain(text), score_cutoff=least)
            if likeness:
                found.append((same, likeness, other))
        found.sort(key=lambda item: (not item[0], -item[1], item[2]))
        return [
            Like(registry.find(session, other), round(likeness, 1), same)
            for same, likeness, other in found[:MOST]
        ]
