"""Charts of a year: figures in, SVG text or PNG bytes out; the same figures give the same picture.

Read in black and white: bars differ by hatching, lines by marker and dash, and every bar bears its
number. matplotlib is known here alone and comes with the extra `charts`.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from requestflow.domain.profile import Span, YearProfile
from requestflow.domain.years import period_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Words = Callable[..., str]

FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei",
    "WenQuanYi Micro Hei", "Noto Sans CJK JP", "Noto Serif CJK SC", "SimSun",
)  # fmt: skip
_SIZE = (6.4, 3.6)  # inches
_RESOLUTION = 150
_DARK, _PALE = "#3b3b3b", "#d0d0d0"
_LONGEST = 12
_HEADROOM = 1.18


def available() -> bool:
    """Whether charts can be drawn at all: the extra `charts` is installed."""
    return find_spec("matplotlib") is not None


def chinese_font() -> str | None:
    """The first font of the list that this machine has; None where it has none that knows Chinese."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in known), None)


@contextmanager
def _drawing() -> Iterator[None]:
    """Settings under which equal figures give equal pictures, text staying text in SVG."""
    import matplotlib as mpl

    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "requestflow",
        "font.family": "sans-serif",
        "font.sans-serif": [*FONTS, "DejaVu Sans"],
        "axes.unicode_minus": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "hatch.linewidth": 0.6,
        "font.size": 10,
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fonts of the list that are not here; glyphs of none
        yield


def svg_charts(profile: YearProfile, words: Words) -> dict[str, str]:
    """The charts of a year as SVG, by title; text stays text, so the reader's fonts show it."""
    found = {}
    with _drawing():
        for title, figure in _charts(profile, words):
            buffer = BytesIO()
            figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
            text = buffer.getvalue().decode()
            found[title] = text[text.index("<svg") :]
    return found


def png_charts(profile: YearProfile, words: Words) -> dict[str, bytes]:
    """The charts of a year as PNG, by title."""
    found = {}
    with _drawing():
        for title, figure in _charts(profile, words):
            buffer = BytesIO()
            figure.savefig(buffer, format="png", dpi=_RESOLUTION, metadata={"Software": None})
            found[title] = buffer.getvalue()
    return found


def _charts(profile: YearProfile, words: Words) -> Iterator[tuple[str, "Figure"]]:
    period = period_words(words, profile.period)
    drawn: list[tuple[str, bool, Callable[[Axes, YearProfile, Words], None]]] = [
        (words("chart_months", period=period), bool(profile.received), _months),
        (words("chart_outcomes", period=period), True, _outcomes),
        (words("chart_spans", period=period), bool(profile.spans), _spans),
        (words("chart_kinds", period=period), True, _kinds),
        (words("chart_trend"), len(profile.trend) > 1, _trend),
    ]
    for title, draw in ((title, draw) for title, known, draw in drawn if known):
        figure, axes = _empty()
        draw(axes, profile, words)
        axes.set_title(title, fontsize=12, pad=10)
        yield title, figure


def _empty() -> tuple["Figure", "Axes"]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE, layout="constrained")
    return figure, figure.subplots()


def _whole(axes: Any, which: str) -> None:
    from matplotlib.ticker import MaxNLocator

    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.grid(visible=True, axis=which, color="#cccccc", linewidth=0.5)
    axes.set_axisbelow(True)


def _months(axes: "Axes", profile: YearProfile, words: Words) -> None:
    months = range(1, 13)
    wide = 0.4
    series = (
        ("chart_received", profile.received, -wide / 2, _DARK, ""),
        ("chart_concluded", profile.concluded, wide / 2, _PALE, "////"),
    )
    for key, figures, shift, colour, hatch in series:
        axes.bar(
            [month + shift for month in months], figures, wide,
            label=words(key), color=colour, hatch=hatch, edgecolor="black", linewidth=0.6,
        )  # fmt: skip
    axes.set_xticks(list(months), [words("chart_month", month=month) for month in months])
    axes.set_ylim(0, max(1, *profile.received, *profile.concluded) * _HEADROOM)
    axes.legend(frameon=False, ncols=2, loc="upper right")
    _whole(axes, "y")


def _outcomes(axes: "Axes", profile: YearProfile, words: Words) -> None:
    del words
    _lying(axes, list(profile.outcomes), list(profile.outcomes.values()))


def _kinds(axes: "Axes", profile: YearProfile, words: Words) -> None:
    del words
    _lying(axes, list(profile.kinds), list(profile.kinds.values()))


def _lying(axes: Any, names: Sequence[str], figures: Sequence[int]) -> None:
    """Lying bars with their numbers, the first on top."""
    shown = [name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…" for name in names]
    bars = axes.barh(range(len(names)), figures, 0.6, color=_PALE, hatch="///", edgecolor="black",
                     linewidth=0.6)  # fmt: skip
    axes.bar_label(bars, padding=3)
    axes.set_yticks(range(len(names)), shown)
    axes.invert_yaxis()
    axes.set_xlim(0, max(1, *figures) * _HEADROOM)
    _whole(axes, "x")


def _span(span: Span, words: Words) -> str:
    if span.last is None:
        return words("chart_span_over", days=span.first - 1)
    return words("chart_span", first=span.first, last=span.last)


def _spans(axes: "Axes", profile: YearProfile, words: Words) -> None:
    figures = [span.cases for span in profile.spans]
    bars = axes.bar(range(len(figures)), figures, 0.65, color=_PALE, hatch="\\\\\\", edgecolor="black",
                    linewidth=0.6)  # fmt: skip
    axes.bar_label(bars, padding=2)
    axes.set_xticks(range(len(figures)), [_span(span, words) for span in profile.spans])
    axes.set_ylim(0, max(1, *figures) * _HEADROOM)
    axes.set_xlabel(words("chart_working_days"))
    _whole(axes, "y")


def _trend(axes: "Axes", profile: YearProfile, words: Words) -> None:
    years = list(profile.trend)
    series = (
        ("chart_received", [new for new, _ in profile.trend.values()], "o", "-"),
        ("chart_concluded", [ended for _, ended in profile.trend.values()], "s", "--"),
    )
    for key, figures, marker, dash in series:
        axes.plot(years, figures, marker=marker, linestyle=dash, color="black", label=words(key),
                  markerfacecolor="white")  # fmt: skip
    axes.set_xticks(years, [str(year) for year in years])
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    _whole(axes, "y")
