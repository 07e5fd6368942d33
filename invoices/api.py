"""`/v2/uploads`: the stored documents, to list and to fetch."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.viewsets import ReadOnlyModelViewSet

from customers.models import ApiKey
from invoices import examples
from invoices.downloads import document_response
from invoices.models import Upload
from invoices.serializers import UploadRow


@extend_schema(tags=["Uploads"])
@extend_schema_view(
    list=extend_schema(operation_id="uploads_list", summary="List the stored documents.", examples=examples.UPLOADS),
    retrieve=extend_schema(operation_id="uploads_retrieve", summary="One stored document.", examples=examples.UPLOADS),
)
class UploadViewSet(ReadOnlyModelViewSet[Upload]):
    """The documents that were sent, without their bytes."""

    queryset = Upload.objects.all()
    serializer_class = UploadRow
    lookup_field = "id"
    required_scopes = {"GET": "uploads:read"}
    search_fields_exact = {
        "customer_id": "customer_id",
        "file_name": "file_name",
        "document_type": "document_type",
        "status": "status",
        "content_type": "content_type",
        "file_extension": "file_extension",
        "sha256": "sha256",
    }
    search_text_fields = ("file_name",)
    sort_fields = {
        "created_at": "created_at",
        "modified_at": "modified_at",
        "file_name": "file_name",
        "status": "status",
        "content_length": "content_length",
        "page_count": "page_count",
    }

    def get_queryset(self) -> QuerySet[Upload]:
        key = self.request.auth
        return Upload.objects.of(key.customer_ids() if isinstance(key, ApiKey) else ())

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # The bytes are what they are: a client that accepts application/pdf only must not be answered 406.
        return super().perform_content_negotiation(request, force=force or self.action == "content")

    @extend_schema(
        operation_id="uploads_content",
        summary="The bytes of a stored document.",
        description="The bytes as they were sent, under their recognised content type, always as an attachment.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def content(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 — the name in the path
        return document_response(self.get_object())
