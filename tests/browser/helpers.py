"""What the browser's tests do again and again."""

from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from phb_register.demonstration_logins import PASSWORD
from tests.browser.conftest import DESKTOP, PHONE

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Three quarters of a look went into the contrast of words that look like others on the same page: one of each stands
# for all. Those look alike that have the same tag and classes, letters and colours, and the same colours behind them.
AXE = (
    Axe().axe_script
    + """;
axe.configure({rules: [{id: "color-contrast", selector: "[data-stands-for-alike]"}]});
window.markOneOfEachLook = () => {
    const MARK = "data-stands-for-alike", grounds = new Map(), looks = new Set();
    const ground = element => {
        if (!element) return "";
        if (!grounds.has(element)) {
            const {backgroundColor, backgroundImage, opacity} = getComputedStyle(element);
            grounds.set(element, `${backgroundColor} ${backgroundImage} ${opacity} ${ground(element.parentElement)}`);
        }
        return grounds.get(element);
    };
    const hasWords = element => element.matches("input, select, textarea")
        || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    document.querySelectorAll(`[${MARK}]`).forEach(element => element.removeAttribute(MARK));
    for (const element of document.body.querySelectorAll("*")) {
        if (!hasWords(element) || !element.checkVisibility({visibilityProperty: true})) continue;
        const {color, fontSize, fontWeight, textShadow} = getComputedStyle(element);
        const isOff = element.matches(":disabled, [aria-disabled=true]");
        const look = [element.localName, element.className, isOff, color, fontSize, fontWeight, textShadow,
            ground(element)].join();
        if (!looks.has(look)) element.setAttribute(MARK, "");
        looks.add(look);
    }
};
"""
)
# A header folds into its menu one frame after its size is seen to have changed, which moves it again. Faults alone:
# handing over what passed takes longer than looking.
LOOK = """async standards => {
    const wait = (frames, done) => frames ? requestAnimationFrame(() => wait(frames - 1, done)) : done();
    await new Promise(done => wait(4, done));
    markOneOfEachLook();
    const found = await axe.run({runOnly: {type: "tag", values: standards}, resultTypes: ["violations"]});
    const page = document.documentElement;
    return {faults: found.violations, tooWide: page.scrollWidth - page.clientWidth};
}"""


_cookies_of: dict[str, list[Any]] = {}


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in and land on the home page: through the form, as anybody would, and later with the session it gave."""
    if email in _cookies_of:
        page.context.add_cookies(_cookies_of[email])
        page.goto("/")
        # Else the session has ended, and the home page leads to what everybody may read.
        if urlsplit(page.url).path == "/":
            return
        sign_out(page)
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    expect(page).not_to_have_url("/accounts/login/")
    _cookies_of[email] = page.context.cookies()


def sign_out(page: Page) -> None:
    """Forget who was signed in."""
    page.context.clear_cookies()


def wait_for_forecast(page: Page) -> None:
    """Until a page that was shown without its forecast has filled it in; at once on all others."""
    expect(page.locator("#expected[hx-get]")).to_have_count(0, timeout=60_000)


def assert_accessible(page: Page) -> None:
    """No fault against WCAG 2.2 AA that a machine can find, and nothing wider than the screen."""
    wait_for_forecast(page)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    seen = page.evaluate(LOOK, STANDARDS)
    faults = [
        f"{fault['id']} ({fault['impact']}): {fault['help']}\n"
        + "\n".join(f"    {node['html'][:300]}\n    {node['failureSummary']}" for node in fault["nodes"][:5])
        for fault in seen["faults"]
    ]
    assert not faults, f"{page.url}\n" + "\n".join(faults)
    assert seen["tooWide"] <= 0, f"{page.url} is {seen['tooWide']} pixels wider than the screen"


def assert_accessible_everywhere(page: Page) -> None:
    """On a phone and at a desk, without asking the site twice."""
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert_accessible(page)


def tab_to(page: Page, wanted: str) -> None:
    """Press the tab key until the control of this name or with these words has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        name, words = page.evaluate("[document.activeElement.name || '', document.activeElement.textContent || '']")
        if wanted in (name, " ".join(words.split())):
            return
    raise AssertionError(f"The tab key never reaches “{wanted}” on {page.url}")


def enter(page: Page) -> None:
    """Press enter, and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
