"""A database whose rows other threads see."""

from collections.abc import Iterator

import pytest
from django.db import connection

from counterparties.bank_details_change import BankDetailsChange


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """A database that other threads see. SQLite is emptied row by row afterwards, which the trail does not allow."""
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'bank_change_never_deleted'")
            [trigger] = cursor.fetchone()
            cursor.execute("DROP TRIGGER bank_change_never_deleted")
            BankDetailsChange.objects.all().delete()
            cursor.execute(trigger)
