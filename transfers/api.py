"""`/v2/transfers`: drafts and payments, to list and to fetch."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.viewsets import ReadOnlyModelViewSet

from customers.models import ApiKey
from transfers.models import Transfer
from transfers.serializers import TransferRow


@extend_schema(tags=["Transfers"])
@extend_schema_view(
    list=extend_schema(operation_id="transfers_list", summary="List drafts and payments."),
    retrieve=extend_schema(operation_id="transfers_retrieve", summary="One draft or payment."),
)
class TransferViewSet(ReadOnlyModelViewSet[Transfer]):
    """Drafts, what became of them, and payments that are to go out."""

    queryset = Transfer.objects.all()
    serializer_class = TransferRow
    lookup_field = "id"
    required_scopes = {"GET": "transfers:read"}
    search_fields_exact = {
        "customer_id": "customer_id",
        "status": "status",
        "currency": "currency",
        "source_counterparty_id": "source_counterparty_id",
        "source_cp_account_id": "source_account_id",
        "destination_counterparty_id": "destination_counterparty_id",
        "destination_cp_account_id": "destination_account_id",
        "destination_iban": "destination_iban",
        "reference": "reference",
        "upload_id": "upload_id",
        "ocr_job_id": "ocr_job_id",
        "supersedes_id": "supersedes_id",
    }
    search_text_fields = ("destination_name", "destination_iban", "reference")
    sort_fields = {
        "created_at": "created_at",
        "modified_at": "modified_at",
        "status": "status",
        "amount_minor": "amount_minor",
        "currency": "currency",
        "destination_name": "destination_name",
        "requested_execution_date": "requested_execution_date",
    }

    def get_queryset(self) -> QuerySet[Transfer]:
        key = self.request.auth
        return Transfer.objects.of(key.customer_ids() if isinstance(key, ApiKey) else ())
