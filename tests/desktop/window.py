"""The Settings window as a screen reader's user operates it: AT-SPI to find and press widgets, real keys to type."""

import os
import signal
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 20.0
# Names of roles differ between versions of the library.
ROLES = {"push button": "button"}


class NotThere(Exception):
    pass


def keys(*arguments):
    subprocess.run(["xdotool", *arguments], check=True, stdout=subprocess.DEVNULL)


class Window:
    def __init__(self, program, page, environment):
        self.began = time.monotonic()
        self.process = subprocess.Popen([program, "--page", page], env={**os.environ, **environment})
        found = subprocess.run(
            ["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(self.process.pid)],
            check=True, capture_output=True, text=True, timeout=PATIENCE,
        )
        self.id = found.stdout.split()[0]
        self.shown_after = time.monotonic() - self.began
        keys("windowfocus", "--sync", self.id)
        self.heading(page)

    def heading(self, page):
        titles = {"accounts": "Accounts", "activation": "Activation", "devices": "Devices", "privacy": "Privacy & data",
                  "how-it-works": "How activation works", "about": "About"}
        self.wait("heading", titles[page])

    def nodes(self):
        desktop = Atspi.get_desktop(0)
        for at in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(at)
            if application is not None and application.get_process_id() == self.process.pid:
                yield from walk(application)

    def find(self, role, name):
        """The label that contains this text, or the widget with this name, or else one whose name starts with it."""
        begins = None
        for node in self.nodes():
            try:
                called = node.get_name() or ""
                if ROLES.get(node.get_role_name(), node.get_role_name()) != role:
                    continue
                if called == name or role == "label" and name in called:
                    return node
                if called.startswith(name):
                    begins = begins or node
            except GLib.Error:
                continue  # the widget disappeared meanwhile
        return begins

    def wait(self, role, name, patience=PATIENCE):
        until = time.monotonic() + patience
        while time.monotonic() < until:
            assert self.process.poll() is None, "the window is gone"
            node = self.find(role, name)
            if node is not None:
                return node
            time.sleep(0.05)
        raise NotThere(f"{role} {name!r} is not there, but\n" + self.told())

    def wait_until_gone(self, role, name):
        until = time.monotonic() + PATIENCE
        while self.find(role, name) is not None:
            assert time.monotonic() < until, f"{role} {name!r} does not go away"
            time.sleep(0.05)

    def press(self, name, role="button"):
        node = self.wait(role, name)
        assert node.get_action_iface() is not None, f"{name!r} cannot be pressed"
        node.get_action_iface().do_action(0)

    def press_last(self, name):
        """The last button with this name: the dialog's, or the open card's."""
        self.wait("button", name)
        found = [node for node in self.nodes() if ROLES.get(node.get_role_name()) == "button" and node.get_name() == name]
        found[-1].get_action_iface().do_action(0)

    def names(self, role):
        return [node.get_name() or "" for node in self.nodes() if node.get_role_name() == role]

    def focus(self, name, role="entry"):
        self.wait(role, name).get_component_iface().grab_focus()
        time.sleep(0.2)

    def fill(self, name, text):
        """Replaces the field's text."""
        self.focus(name)
        self.key("ctrl+a")
        self.type(text)

    def resize(self, width, height):
        keys("windowsize", "--sync", self.id, str(width), str(height))
        time.sleep(0.5)

    def type(self, text):
        keys("type", "--delay", "8", text)

    def key(self, name):
        keys("key", name)

    def says(self, sentence):
        return self.wait("label", sentence)

    def told(self):
        lines = []
        for node in self.nodes():
            try:
                if node.get_name():
                    lines.append(f"{node.get_role_name()}: {node.get_name()}")
            except GLib.Error:
                continue
        return "\n".join(lines)

    def unnamed(self):
        """The roles of focusable widgets without a name."""
        nameless = []
        for node in self.nodes():
            states = node.get_state_set()
            if states.contains(Atspi.StateType.FOCUSABLE) and not node.get_name() and node.get_role_name() != "frame":
                nameless.append(node.get_role_name())
        return nameless

    def picture(self, name):
        time.sleep(0.35)
        folder = os.environ["SCREENSHOTS"]
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["import", "-window", self.id, os.path.join(folder, f"{name}.png")], check=True)

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def walk(node):
    try:
        yield node
        for at in range(node.get_child_count()):
            child = node.get_child_at_index(at)
            if child is not None:
                yield from walk(child)
    except GLib.Error:
        return
