"""`/v2/counterparties/bank-details-changes`: accounts that wait for a second person, to list and to fetch.

Decisions are made in the back office: a program that asks must not be the one that confirms.
"""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from counterparties import examples
from counterparties.bank_details_change import BankDetailsChange
from counterparties.serializers import BankDetailsChangeRow
from customers.resources import TenantViewSet


@extend_schema(tags=["Counterparties"])
@extend_schema_view(
    list=extend_schema(
        operation_id="bank_details_changes_list",
        summary="List changes of bank details",
        description="What was asked for, by whom, and what a second person decided. Newest first if not sorted.",
        examples=examples.BANK_DETAILS_CHANGES,
    ),
    retrieve=extend_schema(
        operation_id="bank_details_changes_retrieve",
        summary="One change of bank details",
        description="`decision` is `pending` until a second person has decided; `cp_account_id` is then the account.",
        examples=examples.BANK_DETAILS_CHANGES,
    ),
)
class BankDetailsChangeViewSet(ListModelMixin, RetrieveModelMixin, TenantViewSet[BankDetailsChange]):
    """Accounts that are to be paid at established counterparties."""

    queryset = BankDetailsChange.objects.all()
    serializer_class = BankDetailsChangeRow
    required_scopes = {"GET": "counterparties:read"}
    newest_first = "-asked_at"
    search_fields_exact = {
        "customer_id": "customer_id",
        "counterparty_id": "counterparty_id",
        "decision": "decision",
        "iban": "iban",
    }
    search_text_fields = ("iban", "bank", "counterparty__legal_name", "asked_by")
    sort_fields = {"asked_at": "asked_at", "decided_at": "decided_at", "decision": "decision"}
