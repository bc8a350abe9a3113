"""The page, in headless Chromium: what a person sees."""

import re
import shutil
import subprocess

import pytest


@pytest.fixture
def browse(service, tmp_path):
    """Open an address of the service in Chromium; gives the document as the page left it, and its console."""

    def open_(path: str) -> tuple[str, str]:
        done = subprocess.run(
            [
                shutil.which("chromium") or "chromium",
                *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
                *("--enable-logging=stderr", "--log-level=0", f"--user-data-dir={tmp_path}/chromium"),
                *("--virtual-time-budget=10000", "--dump-dom", service.address + path),
            ],
            capture_output=True,
            text=True,
            timeout=60,
        )
        console = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
        return done.stdout, console

    return open_


def test_shows_a_sample_its_spectrum_and_what_is_like_it(browse):
    page, console = browse("/?sample=S-000003")
    assert console == ""
    assert 'data-state="shown"' in page
    assert "simulated-podzols: 200 samples, simulated with soil-dataset, seed 5, CC0-1.0" in page
    assert '<h2 id="sample">Sample S-000003</h2>' in page
    line = re.search(r'<path class="spectrum" d="M([^"]+)"', page)
    assert line
    assert line[1].count("L") == 215
    assert re.search(r"<dt>Organic carbon</dt><dd>[\d.]+ %</dd>", page)
    assert len(re.findall(r"<li><a [^>]+>S-\d{6}</a><span>[\d.]+°</span></li>", page)) == 5
    assert re.search(r'<p id="problem" role="alert" hidden="">', page)


def test_finds_by_horizon_and_offers_the_next_page(browse):
    page, _ = browse("/?horizon=B")
    rows = re.findall(r"<tr[^>]*><td><a [^>]+>S-\d{6}</a></td><td>[^<]+</td><td>(\w)</td>", page)
    assert rows == ["B"] * 20
    shown = re.search(r'<h2 id="sample">Sample (S-\d{6})</h2>', page)
    assert shown, "the first one found is shown"
    assert f'<tr aria-current="true"><td><a href="?horizon=B&amp;sample={shown[1]}">' in page
    assert re.search(r'<a id="next" href="\?horizon=B&amp;after=S-\d{6}">', page)


def test_says_when_no_sample_fits(browse):
    page, console = browse("/?depth_from_cm=1000")
    assert console == ""
    assert '<p id="none">No sample fits. Widen the depths, or choose any site and horizon.</p>' in page
    assert re.search(r'<section id="one" [^>]+hidden="">', page)


def test_says_when_there_is_no_such_sample(browse):
    page, _ = browse("/?sample=%3Cb%3Enone")
    assert re.search(r'<p id="problem" role="alert">there is no sample \'&lt;b&gt;none\'</p>', page)


def test_is_asked_for_again_after_an_upgrade(client):
    script = client.get("/page/page.js")
    assert script.headers["cache-control"] == "no-cache"
    assert client.get("/page/page.js", headers={"If-None-Match": script.headers["etag"]}).status_code == 304
