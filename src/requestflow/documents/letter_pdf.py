"""A Word file as PDF, by LibreOffice; or a page as PDF, by WeasyPrint, where LibreOffice is missing.

LibreOffice is started with a profile of its own: of two with one profile the second writes nothing and
says nothing. Fonts of the standard that the machine lacks are replaced by free ones, for the PDF alone.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

from requestflow.errors import Refused

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 120
_SERIF = ("FandolFang", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun")
# fonts that an official letter names, and what may stand in for them, the best first
_STAND_INS = {
    "仿宋_GB2312": ("FangSong_GB2312", "仿宋", "FangSong", "STFangsong", *_SERIF),
    "楷体_GB2312": ("KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "AR PL UKai CN", *_SERIF),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", *_SERIF),
    "黑体": ("SimHei", "Noto Sans CJK SC", "Source Han Sans SC"),
    "宋体": ("SimSun", "Noto Serif CJK SC", "Source Han Serif SC"),
    "Times New Roman": ("Liberation Serif", "Noto Serif"),
}


def _fonts(folder: Path) -> Path:
    """Settings of fontconfig: the system's, and the stand-ins."""
    aliases = "".join(
        f'<match><test name="family" qual="any"><string>{escape(name)}</string></test>'
        f'<edit name="family" mode="append" binding="strong">'
        f"{''.join(f'<string>{escape(other)}</string>' for other in others)}</edit></match>"
        for name, others in _STAND_INS.items()
    )
    system = os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">{escape(system)}</include>{aliases}</fontconfig>',
        encoding="utf-8",
    )
    return path


def libreoffice() -> str | None:
    """Where LibreOffice is, None where it is not."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def _by_libreoffice(program: str, document: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="requestflow-pdf-") as name:
        folder = Path(name)
        source, made = folder / "letter.docx", folder / "letter.pdf"
        source.write_bytes(document)
        command = [
            program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            "--norestore", "--convert-to", "pdf", "--outdir", str(folder), str(source),
        ]  # fmt: skip
        try:
            done = subprocess.run(  # noqa: S603  a program of the machine; nothing of a letter in its words
                command, env={**os.environ, "FONTCONFIG_FILE": str(_fonts(folder))},
                stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False,
            )  # fmt: skip
            said = done.stderr.decode("utf-8", "replace").strip()
        except subprocess.TimeoutExpired:
            said = f"{_SECONDS} s"
        except OSError as error:
            said = str(error)
        if not made.exists():
            raise Refused("pdf_failed", program=program, problem=said[-200:] or "-")
        return made.read_bytes()


def _by_weasyprint(page: str) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=())  # a letter fetches nothing
    made: bytes = HTML(string=page, url_fetcher=nothing).write_pdf()
    return made


def letter_pdf(document: bytes, page: Callable[[], str]) -> bytes:
    """A letter as PDF.

    Args:
        document: the letter as a Word file.
        page: gives the letter as HTML, where LibreOffice is missing.

    Raises:
        Refused: `pdf_needs_program`, where neither is installed; `pdf_failed`.
    """
    program = libreoffice()
    if program is not None:
        return _by_libreoffice(program, document)
    if find_spec("weasyprint") is None:
        raise Refused("pdf_needs_program")
    return _by_weasyprint(page())
