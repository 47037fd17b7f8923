"""The desk in a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, expect
from support.browsers import IN_A_BROWSER, chromium
from support.desk_server import EVIL, Served, desk, make_class

from auditor.result.audit import Verdict
from auditor.review.decisions import Entry, load_decisions

pytestmark = IN_A_BROWSER

expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with desk(make_class(tmp_path / "class", hostile=True)) as made:
        yield made


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def context(browser: Browser, served: Served, complaints: list[str]) -> Iterator[BrowserContext]:
    made = opened(browser, served, complaints)
    yield made
    made.close()
    assert complaints == []


def opened(browser: Browser, served: Served, complaints: list[str], **options: Any) -> BrowserContext:
    """A context that has the desk's cookie, and notes what a page must not do."""
    made = browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **options})
    made.set_default_timeout(15_000)
    made.add_init_script(
        "document.addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective))"
    )

    def asked(request: Request) -> None:
        if not request.url.startswith(served.address):
            complaints.append(request.url)

    def shown(dialog: Dialog) -> None:
        complaints.append(dialog.message)
        dialog.dismiss()

    made.on("request", asked)
    made.on("dialog", shown)
    made.on("weberror", lambda error: complaints.append(str(error.error)))
    made.on("console", lambda said: complaints.append(said.text) if "policy:" in said.text else None)
    page = made.new_page()
    page.goto(served.entrance)
    page.wait_for_url(f"{served.address}/")
    page.close()
    return made


def entries(served: Served) -> dict[tuple[str, str], Entry]:
    return {(one.group, one.claim): one for one in load_decisions(served.out / "auditor.toml").entries}


def at(page: Page, served: Served, path: str) -> Page:
    page.goto(f"{served.address}{path}")
    return page


def on(page: Page, group: str, claim: str) -> None:
    """Wait until this claim of this group is in front."""
    expect(page.locator(".where .id")).to_have_text(claim)
    expect(page.locator(".where a").first).to_have_text(f"Group {group}")


def test_deciding_by_keyboard_alone(context: BrowserContext, served: Served) -> None:
    page = at(context.new_page(), served, "/?order=group&finding=d")
    page.keyboard.press("Enter")
    on(page, "2", "M14.logging")
    page.keyboard.press("c")
    on(page, "2", "M17.ci")
    expect(page.locator(".done")).to_contain_text("Group 2, M14.logging: unsupported")
    page.keyboard.press("o")
    page.keyboard.press("1")
    page.keyboard.type("shown on screen")
    page.keyboard.press("Enter")
    on(page, "2", "M17.lint")
    page.keyboard.press("n")
    page.keyboard.type("call")
    page.keyboard.press("Enter")
    expect(page.locator("[name=note]")).to_have_value("call")
    page.keyboard.press("a")
    expect(page.locator(".where a").first).to_have_text(EVIL)
    page.keyboard.press("s")
    on(page, "10", "M14.logging")
    found = entries(served)
    assert {key: (one.verdict, one.note) for key, one in found.items()} == {
        ("2", "M14.logging"): (Verdict.UNSUPPORTED, ""),
        ("2", "M17.ci"): (Verdict.SUPPORTED, "shown on screen"),
        ("2", "M17.lint"): (Verdict.UNVERIFIABLE, "call"),
    }
    page.keyboard.press("u")
    on(page, "2", "M17.lint")
    expect(page.get_by_role("button", name="Take back")).to_have_count(0)
    assert len(entries(served)) == 2
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("c")  # nothing is decided behind the help
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    assert len(entries(served)) == 2
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def test_a_key_pressed_twice_decides_once(context: BrowserContext, served: Served) -> None:
    page = at(context.new_page(), served, "/group/group-2/claim/M14.logging?order=group&group=group-2")
    page.evaluate(
        "for (let i = 0; i < 2; i++) document.dispatchEvent(new KeyboardEvent('keydown', {key: 'c', bubbles: true}))"
    )
    on(page, "2", "M17.ci")
    page.wait_for_timeout(500)
    on(page, "2", "M17.ci")
    assert list(entries(served)) == [("2", "M14.logging")]


def test_a_reload_and_the_way_back_keep_what_was_decided(context: BrowserContext, served: Served) -> None:
    page = at(context.new_page(), served, "/group/group-2/claim/M8.dvc?group=group-2")
    page.keyboard.press("c")
    expect(page.locator(".where .id")).not_to_have_text("M8.dvc")
    page.reload()
    expect(page.locator(".where .id")).not_to_have_text("M8.dvc")
    page.go_back()
    expect(page.locator(".so-far")).to_contain_text("Decided: partial, query, by dana")
    assert len(entries(served)) == 1


def test_two_windows_at_once(context: BrowserContext, served: Served) -> None:
    one, other = context.new_page(), context.new_page()
    for page in (one, other):
        at(page, served, "/group/group-2/claim/M8.dvc?group=group-2")
    one.get_by_label("Note").fill("mine")
    one.get_by_role("button", name="Confirm").click()
    expect(one.locator(".where .id")).not_to_have_text("M8.dvc")
    other.bring_to_front()
    other.get_by_label("Note").fill("theirs")
    other.get_by_role("button", name="Ask orally").click()
    expect(other.get_by_role("alert")).to_contain_text("Somebody else decided on this claim")
    expect(other.locator(".so-far")).to_contain_text("mine")
    expect(other.get_by_label("Note")).to_have_value("theirs")
    assert entries(served)["2", "M8.dvc"].note == "mine"
    other.get_by_role("button", name="Ask orally").click()  # now in sight of it
    expect(other.get_by_role("alert")).to_have_count(0)
    assert entries(served)["2", "M8.dvc"].note == "theirs"


def test_filters_stay_in_the_address(context: BrowserContext, served: Served) -> None:
    page = at(context.new_page(), served, "/")
    page.locator("[name=claim]").select_option("M14.logging")
    page.wait_for_url("**/?*claim=M14.logging*")
    expect(page.locator("#found .questions li").first).to_be_visible()
    assert set(page.locator("#found .questions .id").all_inner_texts()) == {"M14.logging"}
    page.locator("[name=order]").select_option("claim")
    page.wait_for_url("**/?*order=claim*")
    page.reload()
    expect(page.locator("[name=claim]")).to_have_value("M14.logging")
    page.keyboard.press("Enter")
    page.wait_for_url("**/claim/M14.logging?*")
    assert "claim=M14.logging" in page.url and "order=claim" in page.url


def test_hostile_names_and_answers_are_text(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    for path in ("/", "/?state=all", "/class"):
        at(page, served, path)
        expect(page.get_by_text(EVIL).first).to_be_attached()
    links = page.evaluate("[...document.querySelectorAll('#heat th a')].map((one) => one.getAttribute('href'))")
    hostile = next(link for link in links if "onerror" in link)
    for path in (hostile, f"{hostile}/claim/M14.logging", f"{hostile}/feedback", f"{hostile}/sheet"):
        at(page, served, path)
        expect(page.get_by_text(EVIL).first).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
        assert page.evaluate("[...document.querySelectorAll('*')].some((one) => one.hasAttribute('onerror'))") is False
    at(page, served, "/group/group-2/claim/M14.logging")
    expect(page.locator(".answer")).to_contain_text("<script>document.title = 'taken'</script> **bold**")
    assert page.title() != "taken"
    page.get_by_label("Note").fill(EVIL)
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".done")).to_be_visible()
    at(page, served, "/?state=decided")
    expect(page.locator("#found").get_by_text(EVIL)).to_be_visible()


def test_everything_of_a_claim_is_on_one_screen(context: BrowserContext, served: Served) -> None:
    page = at(context.new_page(), served, "/group/group-2/claim/M14.logging")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Logging of events")
    expect(page.locator(".finding")).to_contain_text("Discrepancy: the group's answer says otherwise")
    expect(page.locator(".answer mark.against")).to_have_text("We did not keep any metrics.")
    expect(page.locator(".near")).to_contain_text("does not count, since nothing calls it")
    expect(page.locator(".figures")).to_contain_text("reports/figures/loss.png")
    expect(page.locator(".evidence .near a")).to_have_attribute("href", f"{BLOB}/src/buoy/train.py#L7")
    expect(page.locator(".others")).to_contain_text("10")
    for selector in (".finding", ".answer", ".others", "#decision"):
        box = page.locator(selector).bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 900


BLOB = "https://github.com/example/buoy/blob/0123456789abcdef0123456789abcdef01234567"


def test_a_wrong_token_shows_nothing(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    for path in ("/", "/?token=wrong", "/class"):
        answer = page.goto(f"{served.address}{path}")
        assert answer and answer.status == 403
        expect(page.get_by_text("Open the address that the program printed")).to_be_visible()
        expect(page.get_by_text("Group")).to_have_count(0)
    context.close()


PATHS = (
    "/",
    "/?state=all",
    "/class",
    "/group/group-2",
    "/group/group-2/claim/M14.logging",
    "/group/group-2/feedback",
    "/no",
)


def test_a_telephone_scrolls_in_one_direction(browser: Browser, served: Served, complaints: list[str]) -> None:
    context = opened(
        browser, served, complaints, viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    for path in (*PATHS, "/group/group-2/sheet"):
        at(page, served, path)
        assert page.evaluate("document.documentElement.scrollWidth <= 390"), path
    at(page, served, "/group/group-2/claim/M8.dvc")
    page.get_by_role("button", name="Overrule").first.tap()
    page.locator("[name=verdict][value=supported]").check()
    page.locator("[data-decides]").tap()
    expect(page.locator(".done")).to_be_visible()
    assert entries(served)["2", "M8.dvc"].verdict is Verdict.SUPPORTED
    context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, served: Served, scheme: Any, complaints: list[str]) -> None:
    served.decide("group-2", "M17.ci", action="overrule", verdict="supported", note="shown")
    context = opened(browser, served, complaints, color_scheme=scheme)
    page = context.new_page()
    found = []
    for path in (*PATHS, "/group/group-2/claim/M17.ci", "/group/group-2/sheet"):
        at(page, served, path)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append((path, violation["id"], [node["html"][:120] for node in violation["nodes"][:3]]))
    context.close()
    assert found == []


def test_without_scripts_the_forms_work(browser: Browser, served: Served, complaints: list[str]) -> None:
    context = opened(browser, served, complaints, java_script_enabled=False)
    page = at(context.new_page(), served, "/group/group-2/claim/M8.dvc?group=group-2")
    page.get_by_role("radio", name="1 supported").check()
    page.get_by_role("button", name="Overrule Enter").click()
    expect(page.locator(".where .id")).not_to_have_text("M8.dvc")
    assert entries(served)["2", "M8.dvc"].verdict is Verdict.SUPPORTED
    context.close()
