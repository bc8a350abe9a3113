"""The page in headless Chromium: what a person sees, on a screen, on a phone, in the dark and on paper.

The page itself is asked, by a script put at its end: it measures, acts, and writes what it found into the document,
which Chromium then prints. So no driver of browsers is needed.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from podzol.elasticity.page import page
from podzol.elasticity.report import Report
from podzol.elasticity.run import Run

pytestmark = pytest.mark.browser

Ask = Callable[..., tuple[dict[str, Any], str]]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser: $PODZOL_CHROMIUM, or the one that is installed."""
    names = (os.environ.get("PODZOL_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("no browser: run `make browser` as root, or set PODZOL_CHROMIUM to one")
    return found


@pytest.fixture(scope="module")
def html(elastic: Path) -> str:
    """The page of the recorded run."""
    return page(Report("What the cluster did", [Run(elastic)]))


@pytest.fixture
def ask(chromium: str, html: str, tmp_path: Path) -> Ask:
    """Opens the page and runs an expression in it; gives its value, and what the console said."""

    def open_page(expression: str, *options: str, text: str = html) -> tuple[dict[str, Any], str]:
        script = f"<script>document.title = JSON.stringify({expression})</script></body>"
        (tmp_path / "report.html").write_text(text.replace("</body>", script))
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"]
        command += ["--enable-logging=stderr", "--log-level=0", f"--user-data-dir={tmp_path}/chromium"]
        done = subprocess.run(
            [*command, *options, f"file://{tmp_path}/report.html"],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        said = re.search(r"<title>(.*?)</title>", done.stdout, re.S)
        assert said, done.stderr
        console = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
        return json.loads(said[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")), console

    return open_page


SHOWN = """({
  pictures: [...document.querySelectorAll(".picture svg")].map((svg) => svg.getBoundingClientRect().height > 100),
  painted: [...document.querySelectorAll("path:not(.grid)")].every((path) => path.getTotalLength() > 0),
  bars: document.querySelectorAll(".bar").length,
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  ground: getComputedStyle(document.body).backgroundColor,
  columns: getComputedStyle(document.querySelector(".pictures")).gridTemplateColumns.split(" ").length,
  beside: document.getElementById("story").getBoundingClientRect().right
    < document.getElementById("pictures").getBoundingClientRect().left,
  named: [...document.querySelectorAll("svg, .lane[role=img]")].every((each) => each.getAttribute("aria-label")),
})"""


def test_shows_every_picture_on_a_screen(ask: Ask) -> None:
    shown, console = ask(SHOWN, "--window-size=1280,900")
    assert console == ""
    assert shown["pictures"] == [True] * 7
    assert shown["painted"]
    assert shown["named"]
    assert shown["bars"] == 7
    assert shown["wide"] <= 0
    assert shown["columns"] == 1, "all on one axis of time, beside the story"
    assert shown["beside"]
    assert shown["ground"] == "rgb(255, 255, 255)"


def test_fits_a_phone(ask: Ask, html: str) -> None:
    frame = '<!doctype html><body style="margin:0"><iframe style="width:375px;height:800px;border:0"></iframe></body>'
    script = "<script>document.querySelector('iframe').srcdoc = " + json.dumps(html).replace("</", "<\\/") + "</script>"
    inside = SHOWN.replace("document.", "frame.").replace("getComputedStyle", "frame.defaultView.getComputedStyle")
    measure = (
        "<script>document.querySelector('iframe').onload = () => {"
        f"const frame = document.querySelector('iframe').contentDocument; document.title = JSON.stringify({inside});"
        "}</script></body>"
    )
    shown, console = ask('""', text=frame.replace("</body>", script + measure))
    assert console == ""
    assert shown["wide"] <= 0, "nothing has to be scrolled sideways"
    assert shown["columns"] == 1
    assert shown["pictures"] == [True] * 7


def test_is_dark_where_the_reader_is(ask: Ask) -> None:
    shown, _ = ask(SHOWN, "--blink-settings=preferredColorScheme=0")
    assert shown["ground"] == "rgb(18, 22, 28)"


CONTRAST = """(() => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((each) => each / 255);
    const [r, g, b] = parts.map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, two) => {
    const [low, high] = [light(one), light(two)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const probe = document.body.appendChild(document.createElement("i"));
  const colour = (name) => ((probe.style.color = `var(--${name})`), getComputedStyle(probe).color);
  const names = ["blue", "orange", "green", "purple", "teal", "brown", "red", "grey", "ink", "quiet"];
  return Object.fromEntries(names.map((name) => [name, contrast(colour(name), colour("ground"))]));
})()"""


@pytest.mark.parametrize("scheme", ["1", "0"], ids=["light", "dark"])
def test_colours_stand_out(ask: Ask, scheme: str) -> None:
    """As WCAG 2.2 asks of text (1.4.3): the names of pods stand on these colours, verdicts are written in them."""
    contrasts, _ = ask(CONTRAST, f"--blink-settings=preferredColorScheme={scheme}")
    assert {name: ratio for name, ratio in contrasts.items() if ratio < 4.5} == {}


def test_a_line_of_the_story_sets_the_cursor_of_all_pictures(ask: Ask) -> None:
    legend = '[...document.querySelectorAll("#picture-nodes .legend li")]'
    values = f'Object.fromEntries({legend}.map((each) => each.textContent.trim().split(" ")))'
    told = 'each.textContent.includes("2 nodes of cpu-pool are ready")'
    line = f'[...document.querySelectorAll(".story button")].find((each) => {told})'
    act = f"""(() => {{
      const before = {values};
      {line}.click();
      const during = {values}, now = document.getElementById("now").textContent;
      const cursors = [...document.querySelectorAll(".cursor")].every((each) => !each.hidden);
      {line}.click();
      return {{ before, during, now, cursors, after: {values} }};
    }})()"""
    said, console = ask(act)
    assert console == ""
    assert said == {
        "before": {"cpu-pool": "1", "gpu-pool": "0"},
        "during": {"cpu-pool": "2", "gpu-pool": "0"},
        "now": "79 s",
        "cursors": True,
        "after": {"cpu-pool": "1", "gpu-pool": "0"},
    }


def test_the_story_can_be_read_with_the_keyboard(ask: Ask) -> None:
    act = """(() => {
      const line = document.querySelectorAll(".story button")[3];
      line.focus();
      const focused = document.activeElement === line && line.tabIndex === 0;  // Tab comes here, in the page's order
      line.click();  // what Enter and the space bar do to a button
      return { focused, pressed: line.getAttribute("aria-pressed"), now: document.getElementById("now").textContent };
    })()"""
    said, _ = ask(act)
    assert said == {"focused": True, "pressed": "true", "now": "2 s"}


def test_prints_on_few_pages(chromium: str, html: str, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(html)
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/chromium"]
    command += [f"--print-to-pdf={tmp_path}/report.pdf", f"file://{tmp_path}/report.html"]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "report.pdf").read_bytes()))
    assert 2 <= pages <= 5
