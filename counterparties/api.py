"""`/v2/counterparties` and `/v2/customers`."""

from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from counterparties import examples
from counterparties.bodies import CounterpartyChanges, NewCounterparty
from counterparties.identifiers import compact, email_key, vat_key
from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from counterparties.names import name_key
from counterparties.registry import add_counterparty, change_counterparty
from counterparties.serializers import CounterpartyRow, CustomerRow
from customers.models import Customer
from customers.resources import TenantViewSet
from customers.scopes import ANY_SCOPE

PARTS: tuple[tuple[str, type[CounterpartyAccount] | type[Contact] | type[Address]], ...] = (
    ("bank_accounts", CounterpartyAccount),
    ("contacts", Contact),
    ("addresses", Address),
)


def _by_iban(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    accounts = CounterpartyAccount.objects.filter(iban=compact(value), active=True)
    return rows.filter(pk__in=accounts.values("counterparty_id"))


def _by_email(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    contacts = Contact.objects.filter(type=Contact.Type.EMAIL, value_key=email_key(value) or "-", active=True)
    return rows.filter(pk__in=contacts.values("counterparty_id"))


def _by_vat_id(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    key = vat_key(value)
    return rows.filter(vat_key__gt="", vat_key=key) if key else rows.filter(vat_key="")


def _like_name(text: str) -> Q:
    """Names and other names that hold the text in any case and accent, whatever the database makes of those."""
    key = name_key(text)
    return Q(name_key__contains=key) | Q(alias_keys__contains=key) if key else Q()


@extend_schema(tags=["Counterparties"])
@extend_schema_view(
    list=extend_schema(
        operation_id="counterparties_list",
        summary="List counterparties",
        description="With their active accounts, contacts and addresses. Deactivated counterparties are listed too; "
        "`search.active=true` leaves them out.",
        examples=examples.COUNTERPARTIES,
    ),
    retrieve=extend_schema(
        operation_id="counterparties_retrieve",
        summary="One counterparty",
        description="With its active accounts, contacts and addresses.",
        examples=examples.COUNTERPARTIES,
    ),
)
class CounterpartyViewSet(ListModelMixin, RetrieveModelMixin, TenantViewSet[Counterparty]):
    """Those a customer pays or bills."""

    queryset = Counterparty.objects.prefetch_related(
        Prefetch("accounts", CounterpartyAccount.objects.filter(active=True)),
        Prefetch("contacts", Contact.objects.filter(active=True)),
        Prefetch("addresses", Address.objects.filter(active=True)),
    )
    serializer_class = CounterpartyRow
    detail_route = "counterparty"
    required_scopes = {
        "GET": "counterparties:read",
        "POST": "counterparties:write",
        "PATCH": "counterparties:write",
        "DELETE": "counterparties:write",
    }
    search_fields_exact = {
        "customer_id": "customer_id",
        "legal_name": "legal_name",
        "type": "type",
        "vat_id": _by_vat_id,
        "registration_number": "registration_number",
        "active": "active",
        "iban": _by_iban,
        "email": _by_email,
    }
    search_text_fields = ("legal_name", "vat_id", "registration_number", _like_name)
    sort_fields = {
        "created_at": "created_at",
        "modified_at": "modified_at",
        "legal_name": "legal_name",
        "name": "legal_name",
        "type": "type",
    }

    @extend_schema(
        operation_id="counterparties_create",
        summary="Add a counterparty, with accounts, contacts and addresses if they are known",
        description="All of it is stored or nothing. Matching finds the counterparty from then on.",
        request=NewCounterparty,
        responses={201: CounterpartyRow},
        examples=examples.COUNTERPARTY,
    )
    def create(self, request: Request) -> Response:
        fields = self.read_body(NewCounterparty)
        customer = self.customer_of(fields.pop("customer_id"))
        parts = []
        for name, model in PARTS:
            for part in fields.pop(name, []):
                is_primary = part.pop("is_primary", None)
                if model is CounterpartyAccount:
                    part.setdefault("currency", customer.default_currency)
                parts.append((model(**part), is_primary))
        added = add_counterparty(customer=customer, fields=fields, parts=parts, by=self.caller, now=timezone.now())
        return self.created(added.pk)

    @extend_schema(
        operation_id="counterparties_update",
        summary="Change a counterparty",
        description="Only the fields that are sent. `active: true` brings a deactivated counterparty back. Accounts, "
        "contacts and addresses are changed in their own collections.",
        request=CounterpartyChanges,
        responses={200: CounterpartyRow},
        examples=examples.COUNTERPARTY_CHANGES,
    )
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        counterparty = self.get_object()
        changes = self.read_body(CounterpartyChanges, instance=counterparty, partial=True)
        change_counterparty(counterparty_id=counterparty.pk, changes=changes, by=self.caller)
        return self.answer(counterparty.pk)

    @extend_schema(
        operation_id="counterparties_delete",
        summary="Deactivate a counterparty",
        description="It stays readable with `active: false`, since documents and payments refer to it; it is no "
        "longer matched or paid. The counterparty that is the customer itself cannot be deactivated (409).",
        responses={204: OpenApiResponse(description="Deactivated, now or before.")},
    )
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        counterparty = self.get_object()
        if counterparty.active:
            change_counterparty(counterparty_id=counterparty.pk, changes={"active": False}, by=self.caller)
        return Response(status=204)


@extend_schema(tags=["Customers"])
@extend_schema_view(
    list=extend_schema(
        operation_id="customers_list",
        summary="List the customers the key may act for",
        description="Every key may ask, whatever its scopes: other endpoints want these ids.",
        examples=examples.CUSTOMERS,
    ),
    retrieve=extend_schema(
        operation_id="customers_retrieve",
        summary="One customer the key may act for",
        description="Every key may ask, whatever its scopes.",
        examples=examples.CUSTOMERS,
    ),
)
class CustomerViewSet(ListModelMixin, RetrieveModelMixin, TenantViewSet[Customer]):
    """The account holders."""

    queryset = Customer.objects.all()
    serializer_class = CustomerRow
    required_scopes = {"GET": ANY_SCOPE}
    search_fields_exact = {"legal_name": "legal_name", "type": "type", "default_currency": "default_currency"}
    search_text_fields = ("legal_name",)
    sort_fields = {"created_at": "created_at", "legal_name": "legal_name", "name": "legal_name"}

    def get_queryset(self) -> QuerySet[Customer]:
        own = Counterparty.objects.filter(customer=OuterRef("pk"), is_own=True).values("pk")[:1]
        return Customer.objects.filter(pk__in=self.customer_ids).annotate(counterparty_id=Subquery(own))
