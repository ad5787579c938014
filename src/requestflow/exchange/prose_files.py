"""The office's own prose of the annual report: Markdown (a heading a part) or TOML (a key a part)."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from requestflow.domain.expectations import not_toml
from requestflow.errors import Finding, FoundProblems, WrongUsage
from requestflow.files import file_bytes

_FORMATS = (".md", ".markdown", ".toml")
_MOST = 1024 * 1024


def read_prose(path: Path, titles: Mapping[str, str]) -> dict[str, str]:
    """Texts by part of the report.

    Args:
        path: `.md` with headings that are a part's printed title or its code, or `.toml` with its codes.
        titles: the parts that may be written, and their printed titles.

    Raises:
        WrongUsage: a file of another format.
        NotFound, Refused: the file is missing or cannot be read.
        FoundProblems: a part that there is not, or one that stands twice, with its line.
    """
    if path.suffix.lower() not in _FORMATS:
        raise WrongUsage("unknown_file_format", file=path.name, formats=list(_FORMATS))
    text = _text(path)
    findings: list[Finding] = []
    read = _toml if path.suffix.lower() == ".toml" else _markdown
    found = read(path.name, text, titles, findings)
    if findings:
        raise FoundProblems("prose_broken", findings, file=path.name)
    return {part: text.strip() for part, text in found.items() if text.strip()}


def _text(path: Path) -> str:
    data = file_bytes(path, _MOST)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FoundProblems(
            "prose_broken", [Finding("file_not_text", path.name)], file=path.name
        ) from None


def _unknown(where: str, part: str, titles: Mapping[str, str]) -> Finding:
    return Finding("prose_part_unknown", where, {"part": part, "known": list(titles.values())})


def _toml(file: str, text: str, titles: Mapping[str, str], findings: list[Finding]) -> dict[str, str]:
    try:
        value = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        findings.append(not_toml(error, file))
        return {}
    for part, written in value.items():
        if part not in titles or not isinstance(written, str):
            findings.append(_unknown(file, part, titles))
    return {part: str(written) for part, written in value.items()}


def _markdown(
    file: str, text: str, titles: Mapping[str, str], findings: list[Finding]
) -> dict[str, str]:
    codes = {title: code for code, title in titles.items()} | {code: code for code in titles}
    found: dict[str, str] = {}
    part: str | None = None
    headed = False
    for number, line in enumerate(text.splitlines(), start=1):
        heading = line.lstrip("#").strip() if line.startswith("#") else None
        if heading is None:
            if part is not None:
                found[part] += line + "\n"
            elif line.strip() and not headed:
                findings.append(_unknown(f"{file}:{number}", line.strip()[:40], titles))
            continue
        headed = True
        part = codes.get(heading)
        if part is None:
            findings.append(_unknown(f"{file}:{number}", heading, titles))
        elif part in found:
            findings.append(Finding("prose_part_twice", f"{file}:{number}", {"part": heading}))
        if part is not None:
            found.setdefault(part, "")
    return found
