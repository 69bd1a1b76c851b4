"""The buttons at the foot of an edit page: first what the person came for, and in plain words."""

from copy import copy
from typing import Any

from django.utils.translation import gettext as _

PUBLISH, SUBMIT = "action-publish", "action-submit"


def main_first(items: list[Any], *, is_live: bool) -> None:
    """Put the main button first: approve what waits, else send for review, else publish.

    Who may publish approves what waits: a second button that publishes past the review is left
    out. `items` are those of Wagtail's menu of a page or a snippet, changed in place.
    """
    names = {item.name for item in items}
    if "approve" in names:
        items[:] = [item for item in items if item.name != PUBLISH]
    items[:] = [reworded(item, is_live=is_live) for item in items]
    order = ["approve", PUBLISH, SUBMIT]
    items.sort(key=lambda item: order.index(item.name) if item.name in order else len(order))


def reworded(item: Any, *, is_live: bool) -> Any:
    """`item` with words of ours where Wagtail's say how it works instead of what happens."""
    asks = getattr(item, "launch_modal", False)
    words = {
        "approve": _("Approve with a word") if asks else _("Approve and publish"),
        "reject": _("Ask for changes"),
        SUBMIT: _("Send the change for review") if is_live else _("Send for review"),
        "action-cancel-workflow": _("End the review"),
        "action-restart-workflow": _("Start the review again"),
    }.get(item.name)
    if words is None:
        return item
    own = copy(item)  # Wagtail shares its items between all requests.
    own.label = words
    own.get_context_data = lambda context: item.get_context_data(context) | {"label": words}
    return own
