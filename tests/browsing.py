"""Drives a headless Chromium for the tests of the pages, and reads what it asked for, complained of, and what axe-core finds."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")


def open_browser(preferences: dict[str, int]) -> WebDriver:
    options = Options()
    options.binary_location = CHROMIUM or ""
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
        "--window-size=1400,1400",
    ):
        options.add_argument(argument)
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # The path is given, so that Selenium looks for no driver elsewhere; a proxy has no part in loopback.
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return webdriver.Chrome(options=options, service=Service(CHROMEDRIVER, env=environment))


def opened(browser: WebDriver, address: str) -> WebDriver:
    """Open a page anew, in light colours, with nothing in the logs of what was before."""
    browser.get("about:blank")
    coloured(browser, "light")
    for log in ("browser", "performance"):
        browser.get_log(log)
    browser.get(address)
    return browser


def coloured(browser: WebDriver, scheme: str) -> None:
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


def until(browser: WebDriver, found: Callable[[WebDriver], object], *, what: str) -> None:
    WebDriverWait(browser, 15, poll_frequency=0.05).until(found, message=f"{what} on {browser.current_url}")


def all_of(browser: WebDriver, selector: str) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, selector)


def focused(browser: WebDriver, keys: str) -> WebElement:
    browser.switch_to.active_element.send_keys(keys)
    return browser.switch_to.active_element


def requested(browser: WebDriver) -> list[str]:
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"]


def complaints(browser: WebDriver) -> list[str]:
    """Return the errors on the console of the page."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


def barriers(browser: WebDriver, axe: Path, options: dict[str, list[str]]) -> list[tuple[str, ...]]:
    """Return what axe-core finds serious or critical on the page: the rule, where, and the element."""
    browser.execute_script(axe.read_text(encoding="utf-8"))
    run = "axe.run({...arguments[0], resultTypes: ['violations']}).then(arguments[1])"
    found = browser.execute_async_script(run, options)["violations"]
    serious = [violation for violation in found if violation["impact"] in ("serious", "critical")]
    return [(violation["id"], *map(str, node["target"]), node["html"]) for violation in serious for node in violation["nodes"]]
