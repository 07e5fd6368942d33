"""The forms of counterparties, their accounts and contacts in the back office: what the rows alone do not refuse.

Django's form classes take a type argument in their stubs only, hence the ignores.
"""

from typing import Any

from django import forms
from django.http import HttpRequest

from counterparties.newcomers import stated_by, taken_for
from counterparties.registry import OWN_STAYS

_DECIDE = "counterparties.decide_bankdetailschange"


class CounterpartyForm(forms.ModelForm):  # type: ignore[type-arg]
    """The customer itself stays who it is, as over the API: transfers are paid from its accounts."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.initial.get("is_own") and not self.instance._state.adding:
            for name in ("is_own", "active"):
                if cleaned.get(name) is False:
                    self.add_error(name, str(OWN_STAYS))
        return cleaned


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A contact is validated by who may decide on changed bank details; changed by others, it is so no more."""

    may_validate = False  # whether the operator may; the page puts that here

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.may_validate or not self.has_changed():
            return cleaned
        if "validated" in self.changed_data and cleaned.get("validated"):
            self.add_error(
                "validated", "Only who may decide on changed bank details may say that a contact is validated."
            )
        elif {"type", "value"} & set(self.changed_data):
            cleaned["validated"] = False
        return cleaned


def contact_form(request: HttpRequest) -> type[ContactForm]:
    """The form for this operator."""
    return type("OperatorsContactForm", (ContactForm,), {"may_validate": request.user.has_perm(_DECIDE)})


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """A first account of a counterparty that could be taken for another one is asked for, not entered."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        counterparty = cleaned.get("counterparty")
        if counterparty is None or counterparty.has_established_bank_details():
            return cleaned
        customer_id, stated = counterparty.customer_id, stated_by(counterparty)
        if alike := taken_for(customer_id=customer_id, stated=stated, besides=counterparty.pk):
            self.add_error(
                "counterparty",
                f"{counterparty} could be taken for {alike.legal_name}. Ask for a change of its bank details; the "
                "account is entered when a second person confirms it.",
            )
        return cleaned
