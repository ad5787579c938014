"""The documents are true: generated pages current, links whole, commands of the README run."""

import importlib.util
import re
import shlex
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from requestflow.cli.main import main
from requestflow.services.upkeep import init

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DIGEST = re.compile(r"[0-9a-f]{64}")
LONG = 60  # signs; a shorter line may well come twice
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """`docs/generate.py` as a module."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_current(generate: ModuleType) -> None:
    """What the program says of itself stands in its reference; `make fix` writes it anew."""
    for path, text in generate.pages().items():
        assert path.read_text("utf-8") == text, path.name


YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
TEXT = re.compile(r"```text\n(.*?)```", re.DOTALL)


def test_an_outcome_and_its_letter_are_added_as_the_pages_say(tmp_path: Path) -> None:
    """The outcome of the reference and the letter of the how-to, put in as told, hold."""
    reference = (ROOT / "docs/reference/workflow-file.md").read_text("utf-8")
    howto = (ROOT / "docs/howto/change-a-letter.md").read_text("utf-8")
    outcome = next(block for block in YAML.findall(reference) if "other.party_affairs" in block)
    letter = next(block for block in YAML.findall(howto) if "party_affairs" in block)
    template, foot = (
        next(block for block in TEXT.findall(howto) if sign in block)
        for sign in ("党务信息", "承办单位")
    )
    init(tmp_path, "示例县发展和改革局")
    law = (ROOT / "workflows/disclosure.yaml").read_text("utf-8")
    (tmp_path / "mine.yaml").write_text(law.replace("outcomes:\n", f"outcomes:\n{outcome}", 1), "utf-8")
    folder = tmp_path / "notices"
    (folder / "parts").mkdir(parents=True)
    catalogue = (ROOT / "notices/catalogue.yaml").read_text("utf-8")
    (folder / "catalogue.yaml").write_text(
        catalogue.replace("letters:\n", f"letters:\n{letter}", 1), "utf-8"
    )
    (folder / "party_affairs.j2").write_text(template, "utf-8")
    (folder / "parts" / "signature.j2").write_text(foot, "utf-8")
    config = tmp_path / "config.toml"
    text = config.read_text("utf-8").replace("[notices]", '[notices]\nfolder = "notices"')
    config.write_text(text.replace('file = "disclosure"', 'file = "mine.yaml"'), "utf-8")

    assert main(["--config", str(config), "notices", "check"]) == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link within the project names a file that exists."""
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_says_a_thing_twice(page: Path) -> None:
    """Two sides of a merge both kept: the same long line twice outside what is shown of a program."""
    prose = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    lines = [line for line in prose.splitlines() if len(line) > LONG and not line.startswith("| rule |")]

    assert [line for line, times in Counter(lines).items() if times > 1] == []


def test_every_decision_is_listed_in_order_under_its_own_title() -> None:
    """The list of decisions has each file once, by number, with the title that stands in it."""
    folder = ROOT / "docs/decisions"
    listed = re.findall(
        r"^(\d+)\. \[(.+)\]\((.+)\)$", (folder / "README.md").read_text("utf-8"), re.MULTILINE
    )
    kept = [
        (str(number), path.read_text("utf-8").splitlines()[0].removeprefix(f"# {number}. "), path.name)
        for number, path in enumerate(sorted(folder.glob("0*.md")), start=1)
    ]

    assert listed == kept


@pytest.mark.parametrize(
    "name", ["README.md", "README.zh.md", "docs/tutorial.md", "docs/tutorial.zh.md"]
)
def test_the_commands_of_a_page_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command of a page works, in order, in an empty folder, and prints what the page shows."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REQUESTFLOW_CONFIG", raising=False)
    lines = "".join(CONSOLE.findall((ROOT / name).read_text("utf-8"))).splitlines()
    shown: list[str] = []
    run = 0
    for line in lines:
        if not line.startswith("$ "):
            if line.strip():
                assert line.rstrip() in shown, line
            continue
        words = shlex.split(line[2:], comments=True)
        if words[0] == "cd":
            monkeypatch.chdir(words[1])
            continue
        status = main(words[1:])
        captured = capsys.readouterr()
        printed = DIGEST.sub("…", captured.out + captured.err)
        shown = [text.rstrip() for text in printed.splitlines()]
        expected = 1 if "# refused" in line else 0
        assert status == expected, (line, captured.err)
        run += 1

    assert run >= 10
