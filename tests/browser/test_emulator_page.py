"""The page of the emulator, in a real browser, on a real emulator."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from pulumi_openai_admin.emulator import EmulatorServer
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests.browser.pages import CONTRAST, HOSTILE, has_only_texts
from tests.by_hand import request, respond
from tests.company import spend_limit

if TYPE_CHECKING:
    from conftest import Window
    from playwright.sync_api import Locator, Page, Route

DEMO = "proj_demo"
GPT_4O = f"/organization/projects/{DEMO}/rate_limits/rl-gpt-4o"
PHONE = {"width": 390, "height": 844}
MANY = 101


def visit(window: Window, emulator: EmulatorServer, **settings: Any) -> Page:
    page = window.visit(f"http://127.0.0.1:{emulator.port}/", **settings)
    expect(page.get_by_text("Connected.")).to_be_visible()
    expect(line(page, "projects", "Demo")).to_be_visible()
    return page


@pytest.fixture
def page(window: Window, emulator: EmulatorServer) -> Page:
    return visit(window, emulator)


def line(page: Page, section: str, name: str) -> Locator:
    return page.locator(f"#{section} > *").filter(has=page.get_by_text(name, exact=True))


def shown_paths(page: Page) -> Locator:
    return page.locator("#requests details:visible .mono:nth-child(3)")


def figure(page: Page, title: str) -> Locator:
    return page.get_by_label("Figures").get_by_role("listitem").filter(has_text=title).locator("b")


def test_it_shows_the_organization(window: Window, emulator: EmulatorServer) -> None:
    emulator.control.seed(
        {
            "users": [{"id": "user-grace", "name": "Grace", "email": "grace@example.com", "role": "reader"}],
            "groups": [{"id": "group_eng", "name": "Engineering"}],
            "group_users": [{"group_id": "group_eng", "user_id": "user-grace"}],
        }
    )
    request(emulator, "POST", f"/organization/projects/{DEMO}/service_accounts", {"name": "ci"})
    request(emulator, "POST", GPT_4O, {REQUESTS: 60})
    page = visit(window, emulator)
    expect(figure(page, "projects")).to_have_text("5")
    expect(figure(page, "people")).to_have_text("2")
    expect(figure(page, "changed limit")).to_have_text("1")
    expect(line(page, "projects", "Default project")).to_contain_text("default")
    page.get_by_text("Operations of the emulator").click()
    expect(page.get_by_text("POST /v1/organization/groups", exact=True)).to_be_visible()
    expect(line(page, "projects", "Retired")).to_contain_text("archived")
    expect(line(page, "people", "Grace")).to_contain_text("grace@example.com")
    line(page, "projects", "Demo").locator("summary").click()
    expect(line(page, "projects", "Demo")).to_contain_text("60 requests/minute")
    expect(line(page, "projects", "Demo")).to_contain_text("ci, member")
    line(page, "groups", "Engineering").locator("summary").click()
    expect(line(page, "groups", "Engineering")).to_contain_text("user-grace")


def test_it_shows_the_money_and_a_limit_that_is_reached(page: Page, emulator: EmulatorServer) -> None:
    limit = spend_limit(100)
    emulator.control.seed({"spend_limits": [limit], "project_spend_limits": [{**limit, "project_id": DEMO}]})
    expect(line(page, "projects", "Demo").locator(".end")).to_have_text("$0.00 of $1.00")
    emulator.control.use(project_id=DEMO, model="gpt-4o", output_tokens=1_000_000)
    expect(line(page, "projects", "Demo").locator(".end")).to_have_text("$10.00 of $1.00")
    expect(line(page, "projects", "Demo").locator(".stop")).to_be_visible()
    expect(figure(page, "of $1.00 this month")).to_have_text("$10.00")


def test_a_long_total_stays_inside_its_card(page: Page) -> None:
    expect(page.locator("#figures li").last).to_be_visible()
    is_inside = page.evaluate(
        """() => {
      const number = [...document.querySelectorAll("#figures b")].at(-1);
      number.textContent = "$1,234,567,890.12";
      return number.scrollWidth <= number.clientWidth;
    }"""
    )
    assert is_inside


def test_requests_come_by_themselves_and_are_filtered_by_path_and_status(page: Page, emulator: EmulatorServer) -> None:
    assert page.locator("#requests details").count() == 0
    emulator.control.fault(kind="status", status=429, path="*/users")
    request(emulator, "POST", "/organization/groups", {"name": "sk-admin-aaaabbbbcccc"})
    for path in ("/organization/users", "/organization/users", "/organization/groups/none"):
        respond(emulator, "GET", path)
    expect(page.locator("#count")).to_have_text("4 requests.")
    newest, *_, oldest = page.locator("#requests details").all()
    expect(newest.locator(".stop")).to_have_text("404")
    oldest.locator("summary").click()
    expect(oldest.locator("pre").last).to_contain_text('"name": "sk-***"')
    expect(line(page, "groups", "sk-admin-aaaabbbbcccc")).to_be_visible()
    page.locator("#path-filter").fill("USERS")
    expect(shown_paths(page)).to_have_text(["/organization/users", "/organization/users"])
    page.locator("#status-filter").fill("429")
    expect(page.locator("#count")).to_have_text("1 of 4 requests.")
    expect(page.locator("#requests details:visible")).to_contain_text("fault: status")
    page.locator("#path-filter").fill("")
    page.locator("#status-filter").fill("4xx")
    expect(page.locator("#count")).to_have_text("2 of 4 requests.")
    request(emulator, "GET", "/organization/projects")
    expect(page.locator("#count")).to_have_text("2 of 5 requests.")
    page.locator("#status-filter").fill("")
    page.get_by_role("button", name="Empty the log").click()
    expect(page.locator("#count")).to_have_text("0 requests.")
    assert emulator.control.requests() == []


def test_a_request_that_hangs_is_seen_while_it_hangs(page: Page, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="hang", path="*/users")
    with socket.create_connection(("127.0.0.1", emulator.port), timeout=10) as connection:
        lines = ["GET /v1/organization/users HTTP/1.1", f"Host: 127.0.0.1:{emulator.port}", "", ""]
        connection.sendall("\r\n".join(lines).encode())
        expect(page.locator("#requests details .note")).to_have_text("open")
    expect(page.locator("#requests details .stop").last).to_have_text("reset")
    page.locator("#status-filter").fill("reset")
    expect(page.locator("#count")).to_have_text("1 request.")


def test_a_fault_is_set_and_removed(page: Page, emulator: EmulatorServer) -> None:
    expect(page.get_by_text("No fault is set.")).to_be_visible()
    page.get_by_label("Kind").select_option("throttle")
    expect(page.get_by_label("Further settings")).to_have_value('{"seconds":1,"advice":"text"}')
    page.get_by_label("Method").select_option("GET")
    page.locator("#fault-path").fill("*/users")
    page.get_by_label("Times").fill("")
    page.get_by_label("Further settings").fill('{"seconds": 7, "advice": "retry-after"}')
    page.get_by_role("button", name="Set the fault").click()
    expect(page.locator("#faults")).to_contain_text("GET */users")
    (fault,) = emulator.control.faults()
    assert {**fault, "kind": "throttle", "times": None, "seconds": 7, "advice": "retry-after"} == fault
    assert respond(emulator, "GET", "/organization/users").status_code == 429
    expect(page.locator("#faults")).to_contain_text("all calls, hit 1 time")
    more = 'when: "before", seconds: 7, advice: "retry-after", code: "rate_limit_exceeded"'
    expect(page.locator("#faults code")).to_have_text(more)
    page.get_by_role("button", name=f"Remove {fault['id']}").click()
    expect(page.get_by_text("No fault is set.")).to_be_visible()
    assert emulator.control.faults() == []
    page.get_by_role("button", name="Set the fault").click()
    page.get_by_role("button", name="Remove all faults").click()
    expect(page.get_by_text("No fault is set.")).to_be_visible()


@pytest.mark.parametrize(
    ("settings", "says"),
    [("{", "The further settings are not JSON"), ('{"status": 1}', "greater than or equal to 200")],
)
def test_a_wrong_fault_is_a_message(window: Window, emulator: EmulatorServer, settings: str, says: str) -> None:
    page = visit(window, emulator)
    page.get_by_label("Further settings").fill(settings)
    page.get_by_role("button", name="Set the fault").click()
    expect(page.get_by_role("alert")).to_contain_text(says)
    page.get_by_label("Further settings").fill("{}")
    page.get_by_role("button", name="Set the fault").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    window.wrong[:] = [message for message in window.wrong if "status of 400" not in message]  # the browser's own note


def test_the_clock_is_moved(page: Page, emulator: EmulatorServer) -> None:
    page.get_by_label("Move it by").fill("3")
    page.get_by_label("Unit").select_option("days")
    page.get_by_role("button", name="Move the clock").click()
    expect(page.locator("#offset")).to_have_text(", 3 days ahead")
    assert emulator.control.call("GET", "clock")["offset_seconds"] == 3 * 86_400
    page.get_by_label("Move it by").fill("-4")
    page.get_by_role("button", name="Move the clock").click()
    expect(page.locator("#offset")).to_have_text(", 24 hours behind")


def test_a_reset_is_asked_for_twice(window: Window, page: Page, emulator: EmulatorServer) -> None:
    request(emulator, "POST", "/organization/groups", {"name": "Engineering"})
    expect(line(page, "groups", "Engineering")).to_be_visible()
    page.get_by_role("button", name="Reset the organization").click()
    assert window.wrong == ["Reset the organization? What was made since the start is lost."]
    assert "group" in emulator.control.live()
    window.wrong.clear()
    page.evaluate("window.confirm = () => true")
    page.get_by_role("button", name="Reset the organization").click()
    expect(page.get_by_text("There are no groups.")).to_be_visible()
    expect(page.locator("#count")).to_have_text("0 requests.")
    assert "group" not in emulator.control.live()


def test_hostile_names_are_text(window: Window, emulator: EmulatorServer) -> None:
    for name in HOSTILE:
        request(emulator, "POST", "/organization/projects", {"name": name})
        request(emulator, "POST", "/organization/groups", {"name": name})
        respond(emulator, "GET", f"/organization/{name}")
    emulator.control.seed({"users": [{"name": name, "email": f"{name}@x"} for name in HOSTILE]})
    request(emulator, "POST", "/organization/groups", {"name": "safe\u202egpj.exe"})
    page = visit(window, emulator)
    expect(line(page, "groups", r"safe\u202egpj.exe")).to_be_visible()
    for section in ("projects", "people", "groups"):
        for name in HOSTILE:
            expect(line(page, section, name)).to_be_visible()
    for shown in page.locator("#requests details").all():
        shown.locator("summary").click()
    assert has_only_texts(page, "OpenAI emulator")


def test_what_is_open_stays_open_while_things_change(page: Page, emulator: EmulatorServer) -> None:
    demo = line(page, "projects", "Demo")
    demo.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(demo).to_contain_text("Nothing has been changed")
    request(emulator, "POST", GPT_4O, {REQUESTS: 61})
    expect(demo).to_contain_text("61 requests/minute")
    assert page.evaluate("document.activeElement.closest('details').dataset.key") == DEMO


def test_many_projects_are_shown_page_by_page(window: Window, emulator: EmulatorServer) -> None:
    emulator.control.seed({"projects": [{"name": f"P{number}"} for number in range(MANY)]})
    page = visit(window, emulator)
    expect(page.locator("#projects > *")).to_have_count(100)
    page.locator("#more-projects").click()
    expect(page.locator("#projects > *")).to_have_count(MANY + 5)
    expect(page.locator("#more-projects")).to_be_hidden()


def test_it_says_when_the_emulator_is_gone_and_goes_on_when_it_is_back(window: Window) -> None:
    with EmulatorServer() as first:
        port = first.port
        page = visit(window, first)
    expect(page.get_by_text("The emulator does not respond. Trying again.")).to_be_visible()
    with EmulatorServer(port=port) as second:
        expect(page.get_by_text("Connected.")).to_be_visible()
        request(second, "POST", "/organization/groups", {"name": "Later"})
        expect(line(page, "groups", "Later")).to_be_visible()
        page.close()
    window.wrong[:] = [message for message in window.wrong if "net::ERR_" not in message]  # the browser's own notes


def test_it_goes_on_after_an_error_of_a_proxy(window: Window, page: Page) -> None:
    """A browser gives up an event stream that is answered with an error."""
    errors = [502, 503]

    def answer(route: Route) -> None:
        if errors:
            route.fulfill(status=errors.pop())
        else:
            route.fallback()

    page.route("**/_emulator/requests/events", answer)
    page.reload()
    expect(page.get_by_text("Connected.")).to_be_visible()
    assert errors == []
    window.wrong[:] = [
        text for text in window.wrong if "Failed to load resource" not in text
    ]  # the browser's own notes


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_in_light_and_in_dark(window: Window, emulator: EmulatorServer, scheme: str) -> None:
    emulator.control.fault(kind="status", path="*/users", times=None)
    page = visit(window, emulator, color_scheme=scheme)
    respond(emulator, "GET", "/organization/users")
    request(emulator, "GET", "/organization/groups")
    expect(page.locator("#requests details")).to_have_count(2)
    contrasts = page.evaluate(f"() => {{{CONTRAST} return texts(); }}")
    assert {name: ratio for name, ratio in contrasts.items() if ratio < 4.5} == {}
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(244, 245, 250)", "dark": "rgb(18, 19, 26)"}[scheme]


def test_a_phone_shows_it_without_scrolling_sideways(window: Window, emulator: EmulatorServer) -> None:
    name = "a-name-that-is-long-and-has-no-space" * 5
    request(emulator, "POST", "/organization/groups", {"name": name})
    respond(emulator, "GET", f"/organization/{name}")
    page = visit(window, emulator, viewport=PHONE, has_touch=True, is_mobile=True)
    expect(line(page, "groups", name)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    right_edges = "[...document.querySelectorAll('body *')].map((e) => e.getBoundingClientRect().right)"
    assert page.evaluate(f"Math.max(...{right_edges})") <= PHONE["width"]


def test_every_control_has_a_name(page: Page) -> None:
    unnamed = page.evaluate(
        "[...document.querySelectorAll('input, select, textarea, button')]"
        ".filter((e) => !(e.labels?.length || e.textContent.trim())).map((e) => e.id)"
    )
    assert unnamed == []
