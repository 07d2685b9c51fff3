"""A customer's journeys through the real window: J1 activate, J2 link, J4 see the state, J5 reactivate, and being offline."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from window import Window

WORLD = json.loads(os.environ["WORLD"])
PAGES = ["Accounts", "Activation", "Devices", "Privacy & data", "How activation works", "About"]


class Browser:
    """Chromium, which carries out one command a line."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["node", WORLD["chromium"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def does(self, *what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        told = json.loads(answer or "null")
        assert told == "done" or isinstance(told, list), f"{what}: {answer}"
        return told

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def opened_address(count):
    """The address of the count-th browser that the window opened."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if os.path.exists(WORLD["opened"]):
            with open(WORLD["opened"]) as file:
                addresses = file.read().split()
            if len(addresses) >= count:
                return addresses[count - 1]
        time.sleep(0.05)
    raise AssertionError("no browser was opened")


def told(step):
    print(f"  {step}", flush=True)


def activate(window):
    window.says("Contoso Studio is not activated on this device.")
    window.picture("activation-first-light")
    window.press("Enter key")
    window.focus("Product key")
    key = WORLD["key"]
    slip = key[:7] + ("B" if key[7] != "B" else "C") + key[8:]
    window.type(slip.lower().replace("-", " "))
    window.says("Group 2 has a mistake")
    window.picture("activation-slip-light")
    window.press("Use this key")
    window.says("No typing mistakes")
    window.press("Activate")
    window.says("This device is activated.")
    window.says("Contoso Studio is activated with a digital license.")
    window.says(f"…{key[-5:]}")
    told("J1: a slip was marked, the suggestion confirmed, and the key activated this device")


def link(window, browser):
    window.focus("Find a setting")
    window.type("sign in with")
    window.wait("toggle button", "Sign in with an account")
    window.picture("search-light")
    window.key("Return")
    window.heading("accounts")
    window.picture("accounts-signed-out-light")
    window.press("Sign in")
    window.says("Your browser is open.")
    window.picture("accounts-browser-light")
    browser.does("allow", opened_address(1))
    window.says(WORLD["email"])
    window.press("Continue")
    window.wait("heading", "Before you link the license")
    window.press("I've read this and agree", role="check box")
    window.picture("accounts-disclosure-light")
    window.press("Link license")
    window.says("The license is linked to your account.")
    window.picture("accounts-signed-in-light")
    told("J2: signed in with the browser, read what is stored, linked")


def see(window):
    window.press("Activation", role="toggle button")
    window.says("Contoso Studio is activated with a digital license linked to your account.")
    window.picture("activation-linked-light")
    window.press("Activation state: Active, expanded")
    window.wait("button", "Activation state: Active, collapsed")
    window.press("Activation state: Active, collapsed")
    told("J4: the state in one sentence, expanded and collapsed")


def change_hardware(window):
    with open(WORLD["hardware"]) as file:
        machine = json.load(file)
    machine["components"].update({
        "tpm": ["NEW-ek-7788"], "board": ["NEW-board-7788"], "mac": ["a4:bb:6d:77:88:99"],
        "uuid": ["11111111-2222-4333-8444-555555556666"],
    })
    with open(WORLD["hardware"], "w") as file:
        json.dump(machine, file)
    window.press("Check now", role="link")
    window.says("Contoso Studio is not activated: this device's hardware changed.")
    window.says("What changed:")
    window.picture("activation-hardware-light")
    window.press("Troubleshoot")
    window.picture("activation-choice-light")
    window.press("This is my device")
    window.says("This device is activated again")
    window.says("linked to your account.")
    told("J5: the motherboard changed; the owner said which device it is, and it is activated again")


def every_page(window):
    for theme in ["Dark", "Light"]:
        window.press("About", role="toggle button")
        window.press(theme, role="radio button")
        for page in PAGES:
            window.press(page, role="toggle button")
            window.wait("heading", page)
            if page == "Devices":
                window.says("this device")
            nameless = window.unnamed()
            assert not nameless, f"without a name on {page}: {nameless}"
            window.picture(f"{page.split()[0].lower()}-{theme.lower()}")
    window.press("About", role="toggle button")
    window.press("Run check")
    window.says("The license server responds")
    window.picture("about-diagnostics-light")
    told("every page in both themes; everything that can be reached has a name")


def by_keyboard(window):
    window.press("Activation", role="toggle button")
    window.wait("heading", "Activation")
    window.focus("Find a setting")
    reached = []
    for _ in range(24):
        window.key("Tab")
        time.sleep(0.12)
        focused = [node.get_name() for node in window.nodes() if is_focused(node)]
        reached += focused[-1:]
    for name in ["Devices", "Check now", "Change key", "Deactivate", "Get help"]:
        assert name in reached, f"the Tab key does not reach {name!r}, but {reached}"
    told("the Tab key reaches everything")


def is_focused(node):
    from gi.repository import Atspi

    return node.get_state_set().contains(Atspi.StateType.FOCUSED)


def ask_first(window):
    window.press("Deactivate")
    window.says("Your files stay where they are")
    window.picture("activation-question-light")
    window.key("Return")
    window.wait_until_gone("label", "Your files stay where they are")
    window.says("linked to your account.")
    told("a question's first answer is the harmless one")


def deactivate(window):
    window.press("Deactivate")
    window.says("Your files stay where they are")
    window.press_last("Deactivate")
    window.says("This device is deactivated, and its seat is free.")


def without_the_internet(window, browser):
    deactivate(window)
    window.press("Start")
    window.says("Installation ID")
    window.picture("offline-shown-light")
    shown = [name for name in window.names("label") if len(name) == 29 and name.count("-") == 4]
    lines = browser.does("confirm", shown[0])
    for number, line in enumerate(lines, 1):
        window.focus(f"Line {number}")
        window.type(line.lower())
    window.picture("offline-typed-light")
    window.press_last("Activate")
    window.says("This device is activated without the internet.")
    window.says("Contoso Studio is activated with a digital license.")
    window.picture("offline-activated-light")
    window.press("Check now", role="link")
    window.says("Contoso Studio is activated with a digital license linked to your account.")
    told("J6: shown, confirmed in another browser, typed, activated; later online, and the same activation")


def by_files(window, browser):
    with tempfile.TemporaryDirectory() as stick:
        request, license, release = (os.path.join(stick, name) for name in ["lab.req", "license.lic", "back.req"])
        deactivate(window)
        window.press("Start")
        window.says("Installation ID")
        window.fill("Request file", request)
        window.picture("files-light")
        window.press("Save request file")
        window.says("Take it to")
        browser.does("answer", request, license)
        window.fill("License file", request)
        window.press("Open license file")
        window.says("This license file doesn't match this device's request.")
        window.fill("License file", license)
        window.press("Open license file")
        window.says("This device is activated without the internet.")
        window.says("linked to your account.")
        window.press("Use a file")
        window.fill("Release file", release)
        window.picture("files-release-light")
        window.press("Deactivate and save file")
        window.says("upload the file on the account page")
        window.press_last("Deactivate")
        window.says("the file frees its seat")
        os.remove(release)
        window.fill("Release file", release)
        window.picture("files-released-light")
        window.press("Save file again")
        until = time.monotonic() + 20
        while not (os.path.exists(release) and os.path.getsize(release)):
            assert time.monotonic() < until, "it is not saved again"
            time.sleep(0.05)
        browser.does("bring", release)
    window.press("Activate")
    window.says("This device is activated.")
    window.says("linked to your account.")
    told("J6 by files: saved, answered in another browser, opened; and the seat given back the same way")


def by_shortcuts(window):
    window.key("ctrl+6")
    window.wait("heading", "About")
    window.press("Use this proxy", role="radio button")
    window.focus("Proxy address")
    window.type("http://127.0.0.1:9")
    window.picture("about-proxy-light")
    window.press("Save and test")
    window.says("proxy refused the connection")
    window.press("Use system settings", role="radio button")
    window.press("Save and test")
    window.says("The license server can be reached.")
    window.key("ctrl+f")
    time.sleep(0.3)
    window.type("motherboard")
    window.wait("toggle button", "I changed hardware on this device")
    window.key("Return")
    window.wait("heading", "Activation")
    window.key("F5")
    window.says("Your activation is up to date.")
    window.resize(480, 860)
    window.focus("Find a setting")
    window.type("dark")
    window.wait("toggle button", "Appearance")
    window.picture("narrow-search-light")
    window.key("Return")
    window.wait("heading", "About")
    window.picture("narrow-light")
    window.resize(1120, 760)
    window.key("ctrl+2")
    window.wait("heading", "Activation")
    told("a proxy that is not there is told as that; pages, search and checks by keys; a narrow window")


def be_offline(window):
    os.kill(WORLD["server"], signal.SIGKILL)
    window.press("Check now", role="link")
    window.says("refused the connection")
    window.says("linked to your account.")
    window.picture("activation-offline-light")
    told("offline: told calmly, and nothing is lost")


def main():
    browser = Browser()
    window = Window(WORLD["program"], "activation", WORLD["environment"])
    try:
        activate(window)
        link(window, browser)
        see(window)
        change_hardware(window)
        every_page(window)
        by_keyboard(window)
        ask_first(window)
        without_the_internet(window, browser)
        by_files(window, browser)
        by_shortcuts(window)
        be_offline(window)
    except BaseException:
        window.picture("failure")
        raise
    finally:
        window.close()
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
