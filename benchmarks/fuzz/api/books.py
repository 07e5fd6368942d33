"""Enters two customers and prints their ids and an API key of each as JSON: `python -m benchmarks.fuzz.api.books`.

The first has the rows that the examples of the API description speak of, under the same ids, so that those requests
find what they name; and some of everything else. The second is the neighbour who must see nothing of it.
"""

import json
import os
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from customers.models import Customer


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from benchmarks.fuzz.api.cast import OWNER_ID, a_customer_with_everything

    owner = a_customer_with_everything(legal_name="Aldermoor Trading GmbH", customer_id=OWNER_ID)
    neighbour = a_customer_with_everything(legal_name="Neighbour GmbH", customer_id=None)
    print(json.dumps({"owner": _key(owner, "owner"), "neighbour": _key(neighbour, "neighbour")}))


def _key(customer: "Customer", name: str) -> str:
    from django.utils import timezone

    from customers.keys import issue_key
    from customers.scopes import SCOPES

    _, plain = issue_key(
        name=name, customers=[customer], scopes=list(SCOPES), expires_at=None, by="fuzzing", now=timezone.now()
    )
    return plain


if __name__ == "__main__":
    main()
