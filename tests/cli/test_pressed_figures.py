"""The page of the annual table in a real browser: a figure is pressed, its applications appear."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
TODAY = "2026-01-12"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BROWSER or not DRIVER, reason="no chromium with its driver on this machine"),
]


@pytest.fixture
def page(done: Callable[..., Any], register_file: Callable[..., Path], tmp_path: Path) -> Path:
    """The page of a year with three applications, two of them by natural persons."""
    register = register_file(
        "收到日期,申请人,申请人类型,申请渠道,内容描述,办理结果,答复日期",
        "2025-01-06,申请人甲,自然人,互联网,预算,予以公开,2025-01-20",
        "2025-02-06,申请人乙,自然人,互联网,预算,予以公开,2025-02-20",
        "2025-03-06,申请人丙,商业企业,互联网,预算,信息不存在,2025-03-20",
    )
    done("import", register, today=TODAY)
    path = tmp_path / "table.html"
    done("rollup", "2025", "-o", path, today=TODAY)
    return path


@pytest.fixture
def browser(page: Path, tmp_path: Path) -> Iterator["Chrome"]:
    """Chromium without a screen, showing the page from its file."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     f"--user-data-dir={tmp_path / 'profile'}"):  # fmt: skip
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(executable_path=str(DRIVER)))
    try:
        driver.get(page.as_uri())
        yield driver
    finally:
        driver.quit()


def listed(browser: "Chrome") -> list[str]:
    """Numbers of the applications that the open dialog lists."""
    return [
        cell.text for cell in browser.find_elements("css selector", "dialog[open] tbody td:first-child")
    ]


def button(browser: "Chrome", row: str, column: str) -> Any:
    return browser.find_element("css selector", f"button[data-row='{row}'][data-column='{column}']")


def test_a_pressed_figure_lists_its_applications(browser: "Chrome") -> None:
    """Each figure lists as many applications as it says, by mouse and by key; Escape closes."""
    from selenium.webdriver.common.keys import Keys

    button(browser, "new", "natural_person").click()
    assert listed(browser) == ["2025-0001", "2025-0002"]
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert listed(browser) == []

    by_key = button(browser, "unable.not_held", "total")
    by_key.send_keys(Keys.ENTER)
    assert listed(browser) == ["2025-0003"]
    browser.find_element("css selector", "dialog button").click()
    for figure in browser.find_elements("css selector", "td button"):
        expected = int(figure.text)
        figure.click()
        assert len(listed(browser)) == expected
        browser.find_element("css selector", "dialog button").click()


def test_a_page_loads_nothing_and_complains_of_nothing(browser: "Chrome") -> None:
    """The page needs no server: it asks for nothing, and its own policy forbids nothing it does."""
    asked = browser.execute_script("return performance.getEntriesByType('resource').length")

    assert asked == 0
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]
