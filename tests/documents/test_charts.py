"""Charts: the same figures, the same picture; read without colour."""

import re

import pytest

from requestflow.documents.charts import png_charts, svg_charts
from requestflow.domain.profile import YearProfile, spans_of
from requestflow.domain.years import whole
from requestflow.messages.catalogue import Catalogue

PROFILE = YearProfile(
    period=whole(2026),
    received=(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8),
    concluded=(2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5),
    outcomes={"予以公开": 31, "不予公开": 4},
    spans=spans_of({0: 1, 5: 2, 20: 3, 21: 4, 41: 5}),
    kinds={"自然人": 40, "商业企业": 3},
    trend={2025: (41, 40), 2026: (52, 56)},
)
WORDS = Catalogue("zh").text


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return svg_charts(PROFILE, WORDS)


def test_equal_figures_are_equal_pictures(drawn: dict[str, str]) -> None:
    """No moment, no chance and no version is in a picture."""
    assert svg_charts(PROFILE, WORDS) == drawn
    first = png_charts(PROFILE, WORDS)
    assert first == png_charts(PROFILE, WORDS)
    assert all(picture.startswith(b"\x89PNG") for picture in first.values())
    assert not any("date" in picture.lower() for picture in drawn.values())


def test_text_stays_text(drawn: dict[str, str]) -> None:
    """Labels can be read by a machine, and shown in whatever font the reader has."""
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", drawn["2026年办理结果（件）"])

    assert {"予以公开", "不予公开", "31", "4"} <= set(texts)


def test_series_differ_without_colour(drawn: dict[str, str]) -> None:
    """Two series differ by hatching or by dash: no colour but grey is in any picture."""
    months, trend = drawn["2026年各月新收和办结申请（件）"], drawn["历年新收和办结申请（件）"]
    colours = {c for svg in drawn.values() for c in re.findall(r"#[0-9a-f]{6}\b", svg)}

    assert "pattern" in months
    assert "stroke-dasharray" in trend
    assert {c for c in colours if len({c[1:3], c[3:5], c[5:7]}) > 1} == set()


def test_one_year_alone_is_no_trend() -> None:
    """A trend is drawn where there are two years or more."""
    alone = YearProfile(whole(2026), PROFILE.received, PROFILE.concluded, PROFILE.outcomes, PROFILE.spans,
                        PROFILE.kinds, {2026: (52, 56)})  # fmt: skip

    assert len(svg_charts(alone, WORDS)) == 4


def test_an_empty_year_is_drawn() -> None:
    """A year without a single case has its charts too."""
    none = (0,) * 12
    empty = YearProfile(whole(2026), none, none, {"予以公开": 0}, spans_of({}), {"自然人": 0}, {})

    assert len(svg_charts(empty, WORDS)) == 4


def test_spans_cover_every_day_once() -> None:
    """Each number of working days belongs to one span; a decision before the day after counts as none."""
    spans = spans_of(
        {-1: 1, 0: 1, 5: 1, 6: 1, 10: 1, 11: 1, 15: 1, 16: 1, 20: 1, 21: 1, 40: 1, 41: 1, 900: 1}
    )

    assert [(s.first, s.last, s.cases) for s in spans] == [
        (0, 5, 3), (6, 10, 2), (11, 15, 2), (16, 20, 2), (21, 40, 2), (41, None, 2),
    ]  # fmt: skip
