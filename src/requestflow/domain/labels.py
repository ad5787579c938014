"""Printed labels and the codes they mean: registers and tables write `1.属于国家秘密` in many ways."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from requestflow.domain.forms import Form, RowKind
from requestflow.domain.workflow import Outcome, Workflow

_NUMBERING = re.compile(r"^(\([一二三四五六七八九十]+\)|[0-9]+[.、．]?|[一二三四五六七八九十]+[、.])")
_NOTE = re.compile(r"\([^()]*\)$")
_NOISE = re.compile(r"[\s,、.;:“”\"'‘’《》·\-—_/]+")


def plain(label: str) -> str:
    """A label without what varies: width, numbering, a note in brackets, spaces, punctuation."""
    text = unicodedata.normalize("NFKC", label).strip()
    text = re.sub(r"\s+", "", text)
    text = _NUMBERING.sub("", text)
    text = _NUMBERING.sub("", text)
    without_note = _NOTE.sub("", text)
    return _NOISE.sub("", without_note or text).casefold()


def by_label(terms: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """A look-up from every way to write a term to its code; the first of two claims holds."""
    found: dict[str, str] = {}
    for code, labels in terms:
        for label in (code, *labels):
            found.setdefault(label, code)
            found.setdefault(plain(label), code)
    return found


def lookup(text: str, known: Mapping[str, str]) -> str | None:
    """The code that a text means, by code or by label."""
    return known.get(text.strip()) or known.get(plain(text))


def outcome_labels(workflow: Workflow, forms: Mapping[str, Form]) -> dict[str, str]:
    """Every way to write an outcome: its code, its name, its annual row's code and label.

    A row of several outcomes stands for the one that the workflow marks (`stands_for_row`).
    """
    own = [(o.code, (o.words.zh, o.words.en)) for o in workflow.outcomes.values()]
    rows: list[tuple[str, tuple[str, ...]]] = []
    for form in reversed(list(forms.values())):
        for row in form.rows:
            found = workflow.row_outcome(form.code, row.code)
            if found is not None and row.kind is RowKind.RESULT:
                whole = f"{row.groups[-1]} {row.label}" if row.groups else row.label
                rows.append((found.code, (row.code, row.label, whole)))
    return by_label([*own, *rows])


def stands_for_several(text: str, outcome: Outcome, workflow: Workflow) -> bool:
    """Whether a text named only an annual row, and the row has several outcomes."""
    words = {plain(outcome.code), plain(outcome.words.zh), plain(outcome.words.en)}
    if plain(text) in words:
        return False
    rows = set(outcome.rows.items())
    return any(
        other.code != outcome.code and rows & set(other.rows.items())
        for other in workflow.outcomes.values()
    )
