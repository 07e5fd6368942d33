from typing import Any

from django.urls import path

from counterparties.api import CounterpartyViewSet, CustomerViewSet
from counterparties.changes_api import BankDetailsChangeViewSet
from counterparties.parts_api import AddressViewSet, BankAccountViewSet, ContactViewSet

MANY: Any = {"get": "list", "post": "create"}
ONE: Any = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}

urlpatterns = [
    path("customers", CustomerViewSet.as_view({"get": "list"}), name="customers"),
    path("customers/<uuid:id>", CustomerViewSet.as_view({"get": "retrieve"}), name="customer"),
    path("counterparties", CounterpartyViewSet.as_view(MANY), name="counterparties"),
    path("counterparties/<uuid:id>", CounterpartyViewSet.as_view(ONE), name="counterparty"),
    path("counterparties/bank-accounts", BankAccountViewSet.as_view(MANY), name="bank-accounts"),
    path("counterparties/bank-accounts/<uuid:id>", BankAccountViewSet.as_view(ONE), name="bank-account"),
    path(
        "counterparties/bank-details-changes",
        BankDetailsChangeViewSet.as_view({"get": "list"}),
        name="bank-details-changes",
    ),
    path(
        "counterparties/bank-details-changes/<uuid:id>",
        BankDetailsChangeViewSet.as_view({"get": "retrieve"}),
        name="bank-details-change",
    ),
    path("counterparties/contacts", ContactViewSet.as_view(MANY), name="contacts"),
    path("counterparties/contacts/<uuid:id>", ContactViewSet.as_view(ONE), name="contact"),
    path("counterparties/addresses", AddressViewSet.as_view(MANY), name="addresses"),
    path("counterparties/addresses/<uuid:id>", AddressViewSet.as_view(ONE), name="address"),
]
