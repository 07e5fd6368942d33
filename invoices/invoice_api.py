"""`/v2/invoices`: the invoices that a customer writes."""

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from customers.resources import TenantViewSet
from invoices import examples
from invoices.invoice_bodies import InvoiceChanges, NewInvoice, columns_of
from invoices.invoice_downloads import pdf_response
from invoices.invoice_serializers import InvoiceRow
from invoices.models import Invoice
from invoices.writing import change_invoice, write_invoice


@extend_schema(tags=["Invoices"])
@extend_schema_view(
    list=extend_schema(
        operation_id="invoices_list",
        summary="List invoices",
        description="Those that were written here; documents that came in are under OCR jobs and uploads.",
        examples=examples.INVOICES,
    ),
    retrieve=extend_schema(
        operation_id="invoices_retrieve",
        summary="One invoice",
        description="With its items and amounts.",
        examples=examples.INVOICES,
    ),
)
class InvoiceViewSet(ListModelMixin, RetrieveModelMixin, TenantViewSet[Invoice]):
    """Invoices that a customer writes."""

    queryset = Invoice.objects.prefetch_related("items")
    serializer_class = InvoiceRow
    detail_route = "invoice"
    required_scopes = {"GET": "invoices:read", "POST": "invoices:write", "PATCH": "invoices:write"}
    search_fields_exact = {
        "customer_id": "customer_id",
        "invoice_number": "invoice_number",
        "status": "status",
        "reference": "reference",
        "due_date": "due_date",
        "currency": "currency",
        "source_counterparty_id": "source_counterparty_id",
        "destination_counterparty_id": "destination_counterparty_id",
    }
    search_text_fields = ("invoice_number", "reference", "description")
    sort_fields = {
        "created_at": "created_at",
        "modified_at": "modified_at",
        "invoice_number": "invoice_number",
        "status": "status",
        "due_date": "due_date",
        "total": "total_minor",
    }

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # A PDF is what it is: a client that accepts application/pdf only must not be answered 406.
        return super().perform_content_negotiation(request, force=force or self.action == "pdf")

    @extend_schema(
        operation_id="invoices_pdf",
        summary="The invoice as a PDF",
        description="With a Swiss QR-bill (CHF or EUR to an account in Switzerland or Liechtenstein) or an EPC QR code "
        "(EUR within the SEPA), and the same invoice as e-invoice XML inside (Factur-X, EN 16931). Without an account "
        "of the source, for an amount of zero, or in another currency there is no QR code. Where the invoice has no "
        "`reference`, the payer is asked to quote its number. Names, addresses and the account are those of now.",
        parameters=[
            OpenApiParameter(
                "Content-Disposition",
                str,
                OpenApiParameter.HEADER,
                response=[200],
                description="`attachment`, with the name to save it under.",
            )
        ],
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, description="The PDF.")},
    )
    def pdf(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 — the name in the path
        return pdf_response(self.get_object())

    @extend_schema(
        operation_id="invoices_create",
        summary="Write an invoice",
        description="Without `invoice_number` it gets the customer's next number, without gaps also when many are "
        "written at once. Accounts and addresses must be active and belong to the counterparty beside them. Rounding "
        "is half up: each line, then the discount on their sum, then the VAT on what is left plus shipping. The "
        "invoice is always active.",
        request=NewInvoice,
        responses={201: InvoiceRow},
        examples=examples.INVOICE,
    )
    def create(self, request: Request) -> Response:
        body = self.read_body(NewInvoice)
        invoice = write_invoice(
            customer=self.customer_of(body["customer_id"]),
            source=body["source"],
            destination=body["destination"],
            items=body["items"],
            fields=columns_of(body),
            by=self.caller,
            now=timezone.now(),
        )
        return self.created(invoice.pk)

    @extend_schema(
        operation_id="invoices_update",
        summary="Change an invoice",
        description="A draft can be changed as a whole; of any other invoice only `status` and `metadata`, the rest "
        "answers 409. Status moves: draft → pending, sent; pending → paid, overdue; sent → paid, overdue; overdue → "
        "paid; any other answers 409. Items are replaced as a whole, and amounts worked out again.",
        request=InvoiceChanges,
        responses={200: InvoiceRow},
        examples=examples.INVOICE_CHANGES,
    )
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        invoice = self.get_object()
        body = self.read_body(InvoiceChanges)
        change_invoice(
            invoice_id=invoice.pk,
            source=body.get("source"),
            destination=body.get("destination"),
            items=body.get("items"),
            fields=columns_of(body),
            by=self.caller,
        )
        return self.answer(invoice.pk)
