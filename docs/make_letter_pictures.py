"""Makes the pictures in `docs/pictures/`: letters that a sample office issues.

python docs/make_letter_pictures.py      needs LibreOffice and poppler-utils (pdftoppm)
"""

import os
import subprocess
import tempfile
from pathlib import Path

from requestflow.cli.main import main

PICTURES = Path(__file__).resolve().parent / "pictures"
RESOLUTION = 60
TODAY = "2026-11-24"
PARTICULARS = """[organ]
code = "示发改公开"
review_organ = "示例县人民政府"
court = "示例县人民法院"
address = "示例县示例路1号"
phone = "0000-0000000"
"""
OFFICE = "示例县发展和改革局"
REGISTER = (
    "register", "--kind", "natural_person", "--name", "申请人甲", "--channel", "online", "--received",
    "2026-11-02", "--subject",
)  # fmt: skip
PLAN, PAPER = "2025年度土地征收补偿安置方案", "示例路改造工程可行性研究报告批复"
BID = "示例项目投标单位技术方案"
HARM = "第三方不同意公开的理由合理，不公开不会对公共利益造成重大影响"
# application, the steps before its letter, the letter's picture
LETTERS = (
    ((*REGISTER, PLAN), "2026-0001", "receipt"),
    (("transition", "2026-0001", "accept", "--on", "2026-11-03"), "", ""),
    (("transition", "2026-0001", "request_correction", "--on", "2026-11-05", "--set",
      "items=所需信息的具体名称或者文号\n所需信息涉及的具体地块或者村组"), "2026-0001", "correction"),
    ((*REGISTER, PAPER), "", ""),
    (("transition", "2026-0002", "accept", "--on", "2026-11-03"), "", ""),
    (("transition", "2026-0002", "extend", "--by", "head", "--days", "10", "--on", "2026-11-20",
      "--reason", "需要查阅的档案数量较大"), "2026-0002", "extension"),
    (("transition", "2026-0002", "decide", "--outcome", "disclosed.provided", "--on", "2026-11-23",
      "--set", "method=电子邮件", "--set", "given=《关于示例路改造工程可行性研究报告的批复》"),
     "2026-0002", "provided"),
    ((*REGISTER, BID), "", ""),
    (("transition", "2026-0003", "accept", "--on", "2026-11-03"), "", ""),
    (("transition", "2026-0003", "consult_third_party", "--on", "2026-11-04", "--set",
      "party=示例公司"), "", ""),
    (("transition", "2026-0003", "conclude_third_party", "--on", "2026-11-16", "--set",
      "opinion=objects"), "", ""),
    (("transition", "2026-0003", "decide", "--outcome", "withheld.third_party", "--on", "2026-11-23",
      "--set", "interest=business_secret", "--reason", f"该信息含有第三方未公开的技术方案，{HARM}。"),
     "2026-0003", "refusal"),
)  # fmt: skip


def run(*words: str) -> None:
    if main(["--today", TODAY, *words]):
        raise SystemExit(" ".join(words))


def draw(pdf: Path, name: str) -> None:
    """The pages of a letter side by side, as one small picture."""
    from PIL import Image

    pages = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(RESOLUTION), "-gray", "-png", pdf, pages], check=True)
    found = [Image.open(path) for path in sorted(pdf.parent.glob(f"{pages.name}-*.png"))]
    whole = Image.new("L", (sum(page.width + 8 for page in found) + 8, found[0].height + 16), 200)
    left = 8
    for page in found:
        whole.paste(page, (left, 8))
        left += page.width + 8
    whole.quantize(16).save(PICTURES / f"{name}.png", optimize=True)


def make() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        run("init", ".", "--office", OFFICE)
        config = Path("config.toml")
        settings = config.read_text("utf-8").replace("[organ]", f"{PARTICULARS}#", 1)
        config.write_text(settings, "utf-8")
        for step, number, name in LETTERS:
            run(*step)
            if name:
                run("notice", number, "-o", f"{name}.pdf")
                draw(Path(f"{name}.pdf").resolve(), name)
        os.chdir(PICTURES)


if __name__ == "__main__":
    make()
