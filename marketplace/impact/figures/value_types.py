"""Type aliases that the figure functions share."""

from collections.abc import Collection
from typing import Any, TypeAlias

from marketplace.municipalities.models import Municipality

# {key of a figure: its value}: a Decimal for an amount, an int for a count, None for a mean of
# nothing. The key decides which.
Values: TypeAlias = dict[str, Any]
# Municipalities as rows or keys; None among them stands for what belongs to no municipality.
Places: TypeAlias = Collection[Municipality | int | None]
