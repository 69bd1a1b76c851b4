"""A person who uses the keyboard alone."""

from playwright.sync_api import Error, expect

# So many stops lie between one thing and the next at most; a page has no more.
STOPS = 250
TRIES = 4
STILL_THERE_MS = 2000


class Keyboard:
    """Goes through a page by Tab, as somebody does who has no mouse, and counts what is done.

    An interaction is something chosen: a link or button pressed, a box ticked, a field written in.
    """

    def __init__(self, page):
        self.page = page
        self.interactions = 0

    def reach(self, target):
        """Tab on until `target` has the focus. Fails where no key leads to it."""
        expect(target).to_be_visible()
        for _stop in range(STOPS):
            if target.evaluate("each => each === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"No key leads to {target}.")

    def open_window(self, opener):
        """Open one of Wagtail's windows with the button `opener`. Returns it.

        It takes the focus when it has faded in: a key pressed before would go nowhere.
        """
        self.press(opener)
        window = self.page.locator("body > .modal")
        expect(window).to_be_focused()
        return window

    def press(self, target, key="Enter"):
        self.reach(target)
        self.interactions += 1
        self.page.keyboard.press(key)

    def write(self, target, text):
        self.reach(target)
        self.interactions += 1
        for _try in range(TRIES):
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(text)
            # Chromium loses a key now and then when they come faster than anybody types.
            if self._stands_in(target) in (text, None):
                return

    def _stands_in(self, target):
        """What the field `target` holds. None for one that holds none, or has gone.

        The field for a sign-in code goes with the page, which sends itself at the last sign.
        """
        try:
            return target.evaluate("each => each.value ?? null", timeout=STILL_THERE_MS)
        except Error:
            return None

    def tick(self, target):
        """Tick a box, unless it is ticked already."""
        if not target.is_checked():
            self.press(target, "Space")
        expect(target).to_be_checked()

    def choose(self, target):
        """Choose `target`, one of several radio buttons, which Tab takes as one stop."""
        name = target.get_attribute("name")
        group = self.page.locator(f"input[type=radio][name='{name}']")
        expect(group.first).to_be_visible()
        for _stop in range(STOPS):
            if self.page.evaluate("document.activeElement.name") == name:
                break
            self.page.keyboard.press("Tab")
        self.interactions += 1
        self.page.keyboard.press("Space")
        for _step in range(group.count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        expect(target).to_be_checked()
