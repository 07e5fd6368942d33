"""The flat collections below `/v2/counterparties`: bank accounts, contacts, addresses."""

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from counterparties import examples
from counterparties.accounts import add_account, change_account
from counterparties.bank_details_change import BankDetailsChange
from counterparties.bodies import (
    AddressChanges,
    BankAccountChanges,
    ContactChanges,
    NewAddress,
    NewBankAccount,
    NewContact,
)
from counterparties.identifiers import compact
from counterparties.models import Address, Belonging, Contact, Counterparty, CounterpartyAccount
from counterparties.parts import add_part, change_part, remove_part
from counterparties.serializers import AddressRow, BankAccountRow, BankDetailsChangeRow, ContactRow
from customers.resources import TenantViewSet, UnknownReference

Part = TypeVar("Part", bound=Belonging)

WAITING = OpenApiResponse(BankDetailsChangeRow, description="A change, which waits for a second person.")
CHANGE_LOCATION = OpenApiParameter(
    "Location",
    OpenApiTypes.URI_REF,
    OpenApiParameter.HEADER,
    response=[201, 202],
    description="The address of what was made: the account, or the change that waits.",
)
REMOVED = OpenApiResponse(description="Deleted when nothing refers to it, else deactivated: it is no longer used.")
REMOVING = (
    "A row that nothing refers to is deleted; one that a document or a payment refers to is deactivated and stays "
    "readable with `active: false`."
)


class PartViewSet(ListModelMixin, RetrieveModelMixin, TenantViewSet[Part]):
    """What all three have in common: rows that belong to a counterparty, which is settled when they are made."""

    required_scopes = {
        "GET": "counterparties:read",
        "POST": "counterparties:write",
        "PATCH": "counterparties:write",
        "DELETE": "counterparties:write",
    }
    new_body: type[serializers.Serializer[Any]]
    changes_body: type[serializers.Serializer[Any]]

    def create(self, request: Request) -> Response:
        fields = self.read_body(self.new_body)
        counterparty_id = fields.pop("counterparty_id")
        counterparty = Counterparty.objects.of(self.customer_ids).filter(pk=counterparty_id).first()
        if counterparty is None:
            raise UnknownReference("counterparty_id")
        added = self.add(counterparty, fields)
        return asked(added) if isinstance(added, BankDetailsChange) else self.created(added.pk)

    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        part = self.get_object()
        changes = self.read_body(self.changes_body, instance=part, partial=True)
        try:
            changed = self.change(part, changes)
        except type(part).DoesNotExist as gone:
            raise Http404 from gone
        return asked(changed) if isinstance(changed, BankDetailsChange) else self.answer(part.pk)

    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        part = self.get_object()
        try:
            remove_part(part, by=self.caller)
        except type(part).DoesNotExist as gone:
            raise Http404 from gone
        return Response(status=204)

    def add(self, counterparty: Counterparty, fields: dict[str, Any]) -> Belonging | BankDetailsChange:
        model: Any = self.get_queryset().model
        part: Belonging = add_part(model(counterparty=counterparty, **fields), by=self.caller)
        return part

    def change(self, part: Part, changes: dict[str, Any]) -> Belonging | BankDetailsChange:
        return change_part(part, changes=changes, by=self.caller)


def asked(change: BankDetailsChange) -> Response:
    """202 with the change that waits for a second person, and its address."""
    location = reverse("bank-details-change", kwargs={"id": change.pk})
    return Response(BankDetailsChangeRow(change).data, status=202, headers={"Location": location})


def _by_iban(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(iban=compact(value))


@extend_schema(tags=["Counterparties"])
@extend_schema_view(
    list=extend_schema(
        operation_id="bank_accounts_list",
        summary="List bank accounts",
        description="Of all counterparties, or of one with `search.counterparty_id`; deactivated ones too.",
        examples=examples.BANK_ACCOUNTS,
    ),
    retrieve=extend_schema(
        operation_id="bank_accounts_retrieve",
        summary="One bank account",
        description="Its id is what other endpoints call `cp_account_id`.",
        examples=examples.BANK_ACCOUNTS,
    ),
    create=extend_schema(
        operation_id="bank_accounts_create",
        summary="Add a bank account to a counterparty",
        description="IBAN and BIC are checked: check digits, length and structure of the country, and that both name "
        "the same country. An active account with the same IBAN answers 409. The first account is added at once (201). "
        "A counterparty that has or had one is established: a further account is a favourite way of payment fraud and "
        "waits for a second person in the back office (202 with the change, nothing is paid to it before).",
        request=NewBankAccount,
        parameters=[CHANGE_LOCATION],
        responses={201: BankAccountRow, 202: WAITING},
        examples=examples.BANK_ACCOUNT,
    ),
    partial_update=extend_schema(
        operation_id="bank_accounts_update",
        summary="Change a bank account",
        description="Only the fields that are sent; another BIC is no longer validated. Another IBAN, or `active: "
        "true` on a deactivated account, waits for a second person (202 with the change) and comes with nothing but "
        "`bic`, `bank` and `currency`. This account stays as it is; another IBAN becomes an account beside it.",
        request=BankAccountChanges,
        parameters=[CHANGE_LOCATION],
        responses={200: BankAccountRow, 202: WAITING},
        examples=examples.BANK_ACCOUNT_CHANGES,
    ),
    destroy=extend_schema(
        operation_id="bank_accounts_delete",
        summary="Remove a bank account",
        description=REMOVING,
        responses={204: REMOVED},
    ),
)
class BankAccountViewSet(PartViewSet[CounterpartyAccount]):
    """Where counterparties are paid."""

    queryset = CounterpartyAccount.objects.all()
    serializer_class = BankAccountRow
    detail_route = "bank-account"
    new_body = NewBankAccount
    changes_body = BankAccountChanges
    search_fields_exact = {
        "customer_id": "customer_id",
        "counterparty_id": "counterparty_id",
        "iban": _by_iban,
        "bic": "bic",
        "currency": "currency",
        "is_primary": "is_primary",
        "is_validated": "is_validated",
        "active": "active",
    }
    search_text_fields = ("iban", "bic", "bank")
    sort_fields = {
        "created_at": "created_at",
        "modified_at": "modified_at",
        "iban": "iban",
        "currency": "currency",
        "bank": "bank",
    }

    def add(self, counterparty: Counterparty, fields: dict[str, Any]) -> CounterpartyAccount | BankDetailsChange:
        is_primary = fields.pop("is_primary", None)
        fields.setdefault("currency", counterparty.customer.default_currency)
        account = CounterpartyAccount(counterparty=counterparty, **fields)
        return add_account(account, is_primary=is_primary, by=self.caller, now=timezone.now())

    def change(self, part: CounterpartyAccount, changes: dict[str, Any]) -> CounterpartyAccount | BankDetailsChange:
        return change_account(part, changes=changes, by=self.caller, now=timezone.now())


@extend_schema(tags=["Counterparties"])
@extend_schema_view(
    list=extend_schema(
        operation_id="contacts_list",
        summary="List contacts",
        description="Of all counterparties, or of one with `search.counterparty_id`; deactivated ones too.",
        examples=examples.CONTACTS,
    ),
    retrieve=extend_schema(
        operation_id="contacts_retrieve",
        summary="One contact",
        description="An e-mail address or a phone number of a counterparty.",
        examples=examples.CONTACTS,
    ),
    create=extend_schema(
        operation_id="contacts_create",
        summary="Add an e-mail address or a phone number to a counterparty",
        description="The same address twice, in whatever spelling, answers 409.",
        request=NewContact,
        responses={201: ContactRow},
        examples=examples.CONTACT,
    ),
    partial_update=extend_schema(
        operation_id="contacts_update",
        summary="Change a contact",
        description="Only the fields that are sent.",
        request=ContactChanges,
        responses={200: ContactRow},
        examples=examples.CONTACT_CHANGES,
    ),
    destroy=extend_schema(
        operation_id="contacts_delete",
        summary="Remove a contact",
        description=REMOVING,
        responses={204: REMOVED},
    ),
)
class ContactViewSet(PartViewSet[Contact]):
    """How counterparties are reached, and by which senders' addresses they are recognised."""

    queryset = Contact.objects.all()
    serializer_class = ContactRow
    detail_route = "contact"
    new_body = NewContact
    changes_body = ContactChanges
    search_fields_exact = {
        "customer_id": "customer_id",
        "counterparty_id": "counterparty_id",
        "type": "type",
        "value": "value",
        "validated": "validated",
        "preferred": "preferred",
        "active": "active",
    }
    search_text_fields = ("value",)
    sort_fields = {"created_at": "created_at", "modified_at": "modified_at", "type": "type", "value": "value"}


@extend_schema(tags=["Counterparties"])
@extend_schema_view(
    list=extend_schema(
        operation_id="addresses_list",
        summary="List addresses",
        description="Of all counterparties, or of one with `search.counterparty_id`; deactivated ones too.",
        examples=examples.ADDRESSES,
    ),
    retrieve=extend_schema(
        operation_id="addresses_retrieve",
        summary="One address",
        description="Its id is what other endpoints call `cp_address_id`.",
        examples=examples.ADDRESSES,
    ),
    create=extend_schema(
        operation_id="addresses_create",
        summary="Add an address to a counterparty",
        description="`kind` is `billing` unless it says otherwise.",
        request=NewAddress,
        responses={201: AddressRow},
        examples=examples.ADDRESS,
    ),
    partial_update=extend_schema(
        operation_id="addresses_update",
        summary="Change an address",
        description="Only the fields that are sent.",
        request=AddressChanges,
        responses={200: AddressRow},
        examples=examples.ADDRESS_CHANGES,
    ),
    destroy=extend_schema(
        operation_id="addresses_delete",
        summary="Remove an address",
        description=REMOVING,
        responses={204: REMOVED},
    ),
)
class AddressViewSet(PartViewSet[Address]):
    """Where counterparties are."""

    queryset = Address.objects.all()
    serializer_class = AddressRow
    detail_route = "address"
    new_body = NewAddress
    changes_body = AddressChanges
    search_fields_exact = {
        "customer_id": "customer_id",
        "counterparty_id": "counterparty_id",
        "zip": "zip",
        "city": "city",
        "country": "country",
        "kind": "kind",
        "preferred": "preferred",
        "active": "active",
    }
    search_text_fields = ("street", "zip", "city", "state")
    sort_fields = {
        "created_at": "created_at",
        "modified_at": "modified_at",
        "city": "city",
        "zip": "zip",
        "country": "country",
    }
