"""What a package has registered for Wagtail's hooks, replaced by ours."""

from collections.abc import Callable

from wagtail import hooks


def take_over(name: str, theirs: Callable, ours: Callable) -> None:
    """Register `ours` for a hook where a package has registered `theirs`."""
    hooks._hooks[name].remove((theirs, 0))  # Wagtail has no way to take one back
    hooks.register(name, ours)
