"""The transactions of tests do not depend on when garbage is collected."""

import pytest
from django.db import transaction

from portal.foundation.users.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_what_is_left_half_read_does_not_break_the_transaction_after_it():
    before = User.objects.count()
    with transaction.atomic():
        UserFactory.create_batch(3)
        half_read = User.objects.iterator(chunk_size=1)
        next(half_read)
        transaction.set_rollback(True)

    # As the garbage collector does, whenever it comes to it.
    half_read.close()

    assert User.objects.count() == before
