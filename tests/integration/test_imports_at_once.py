"""Two imports for one customer at the same time: they take turns, and nothing is there twice."""

import pytest

from counterparties.importing import ImportCounts, Listener, import_lines
from counterparties.models import Contact, Counterparty
from customers.models import Customer
from tests.at_once import at_once

pytestmark = pytest.mark.usefixtures("committed")

ROWS = 1_500


def test_the_same_file_twice_at_once_is_stored_once() -> None:
    customer = Customer.objects.create(legal_name="Nordlicht Handels GmbH")
    lines = ["legal_name,email\n", *(f"Supplier {number} Ltd,office@s{number}.example\n" for number in range(ROWS))]

    def import_all() -> ImportCounts:
        return import_lines(
            customer=customer,
            lines=lines,
            by="test",
            listener=Listener(on_rejected=lambda rejection: pytest.fail(rejection.reason)),
        )

    one, other = at_once(import_all, import_all)

    assert (one.created + other.created, one.unchanged + other.unchanged) == (ROWS, ROWS)
    assert (Counterparty.objects.count(), Contact.objects.count()) == (ROWS, ROWS)
