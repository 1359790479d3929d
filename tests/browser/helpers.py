"""What the browser's tests do again and again."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from phb_register.demonstration_logins import PASSWORD
from tests.browser.conftest import DESKTOP, PHONE

# A header folds into its menu one frame after its size is seen to have changed, which moves it again.
SETTLED = """() => new Promise(done => {
    const wait = frames => frames ? requestAnimationFrame(() => wait(frames - 1)) : done();
    wait(4);
})"""
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = Axe().axe_script
# Faults alone: handing over what passed takes longer than looking.
FAULTS = """standards => axe.run({runOnly: {type: "tag", values: standards}, resultTypes: ["violations"]})
    .then(results => results.violations)"""


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in through the form, as anybody would, and land on the home page."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    expect(page).not_to_have_url("/accounts/login/")


def sign_out(page: Page) -> None:
    """Forget who was signed in."""
    page.context.clear_cookies()


def assert_accessible(page: Page) -> None:
    """No fault against WCAG 2.2 AA that a machine can find, and nothing wider than the screen."""
    page.evaluate(SETTLED)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    faults = [
        f"{fault['id']} ({fault['impact']}): {fault['help']}\n"
        + "\n".join(f"    {node['html'][:300]}\n    {node['failureSummary']}" for node in fault["nodes"][:5])
        for fault in page.evaluate(FAULTS, STANDARDS)
    ]
    assert not faults, f"{page.url}\n" + "\n".join(faults)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} pixels wider than the screen"


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
