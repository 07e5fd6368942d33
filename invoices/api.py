"""`/v2/uploads`: the stored documents, to list, to fetch, to mark and to discard."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from customers.resources import TenantViewSet
from invoices import examples
from invoices.downloads import document_response
from invoices.models import Upload
from invoices.serializers import UploadChanges, UploadRow
from invoices.uploads import change_upload, discard_upload

CONTENT_HEADERS = [
    OpenApiParameter(name, str, OpenApiParameter.HEADER, response=codes, description=description)
    for name, codes, description in (
        ("ETag", [200, 206, 304], "The SHA-256 of the whole document, in quotes."),
        ("Content-Disposition", [200, 206], "`attachment`, with the name to save it under."),
        ("Accept-Ranges", [200, 206], "`bytes`."),
        ("Content-Range", [206], "Which bytes these are: `bytes 0-1023/48213`."),
    )
]
CONTENT_TYPES = ("application/pdf", "image/png", "image/jpeg", "image/tiff", "image/webp", "application/xml")


@extend_schema(tags=["Uploads"])
@extend_schema_view(
    list=extend_schema(operation_id="uploads_list", summary="List the stored documents", examples=examples.UPLOADS),
    retrieve=extend_schema(operation_id="uploads_retrieve", summary="One stored document", examples=examples.UPLOADS),
)
class UploadViewSet(ListModelMixin, RetrieveModelMixin, TenantViewSet[Upload]):
    """The documents that were sent, without their bytes."""

    queryset = Upload.objects.all()
    serializer_class = UploadRow
    required_scopes = {"GET": "uploads:read", "PATCH": "uploads:write", "DELETE": "uploads:write"}
    further_errors = {"content": ("410", "416", "503")}
    search_fields_exact = {
        "customer_id": "customer_id",
        "file_name": "file_name",
        "document_type": "document_type",
        "status": "status",
        "content_type": "content_type",
        "file_extension": "file_extension",
        "sha256": "sha256",
        "active": "active",
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

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # The bytes are what they are: a client that accepts application/pdf only must not be answered 406.
        return super().perform_content_negotiation(request, force=force or self.action == "content")

    @extend_schema(
        operation_id="uploads_content",
        summary="The bytes of a stored document",
        description="The bytes as they were sent, under their recognised content type, always as an attachment. One "
        "byte range is answered 206, one behind the end 416 (RFC 9110); several ranges get the whole. The `ETag` is "
        "the SHA-256 of the content.",
        parameters=[
            OpenApiParameter(
                "Range",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                description="Such as `bytes=0-1023`; what is not one range is left alone.",
            ),
            OpenApiParameter("If-Range", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The `ETag` it is of."),
            OpenApiParameter(
                "If-None-Match", str, OpenApiParameter.HEADER, description="The `ETag` of what is there already."
            ),
            *CONTENT_HEADERS,
        ],
        responses={
            (200, *CONTENT_TYPES): OpenApiResponse(OpenApiTypes.BINARY, description="The whole document."),
            (206, *CONTENT_TYPES): OpenApiResponse(OpenApiTypes.BINARY, description="The range of it."),
            304: OpenApiResponse(description="The document is the one with this `ETag`: it never changes."),
        },
    )
    def content(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 — the name in the path
        return document_response(self.get_object(), method=request.method, headers=request.headers)

    @extend_schema(
        operation_id="uploads_update",
        summary="Change what a document is marked with",
        description="Only `document_type` and `metadata`; what was sent stays as it was sent.",
        request=UploadChanges,
        responses={200: UploadRow},
        examples=examples.UPLOAD_CHANGES,
    )
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        upload = self.get_object()
        changes = self.read_body(UploadChanges, partial=True)
        change_upload(upload_id=upload.pk, changes=changes, by=self.caller)
        return self.answer(upload.pk)

    @extend_schema(
        operation_id="uploads_delete",
        summary="Discard a draft document",
        description="It is deactivated and stays readable with `active: false`, since the evidence of its job points "
        "into it. A document that is attached to a finalised payment, that a draft asks to pay, or that is still being "
        "read answers 409.",
        responses={204: OpenApiResponse(description="Discarded, now or before.")},
    )
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        discard_upload(upload_id=self.get_object().pk, by=self.caller)
        return Response(status=204)
