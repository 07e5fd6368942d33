"""Which customer somebody at the command line means."""

from uuid import UUID

from customers.models import Customer


class CustomerNotChosen(Exception):
    """Nobody, or more than one, answers to what was given; the message lists who exists."""


def choose_customer(text: str) -> Customer:
    """The active customer with this id or, upper and lower case alike, this legal name. Raises CustomerNotChosen."""
    active = Customer.objects.filter(active=True)
    try:
        found = list(active.filter(id=UUID(text)))
    except ValueError:
        found = list(active.filter(legal_name__iexact=text.strip()))
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(str(customer.id) for customer in found)
        raise CustomerNotChosen(f"{len(found)} customers are called {text!r}; give one of their ids: {ids}.")
    raise CustomerNotChosen(f"There is no active customer {text!r}. {_existing()}")


def _existing(most: int = 20) -> str:
    rows = list(Customer.objects.filter(active=True).values_list("id", "legal_name")[: most + 1])
    if not rows:
        return "There is none yet: add one in the admin, or run load_demo_data."
    listed = "; ".join(f"{name} ({key})" for key, name in rows[:most])
    return f"There are: {listed}{'; and more' if len(rows) > most else ''}."
