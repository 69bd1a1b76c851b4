"""The categories that the lesson ideas of kits ask for."""

import pytest

from tests.factories import CategoryFactory


@pytest.fixture
def tubes(pages):
    return CategoryFactory(name="Hylsor")


@pytest.fixture
def tape(pages):
    return CategoryFactory(name="Tejp")
