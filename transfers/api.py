"""`/v2/transfers`: drafts and payments."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from customers.resources import TenantViewSet
from customers.translations import say
from transfers import examples
from transfers.bodies import NewTransfer, NoBody, TransferChanges, columns_of
from transfers.exporting import hand_out
from transfers.finalizing import cancel_transfer, finalize_transfer
from transfers.models import Transfer
from transfers.parties import Selector
from transfers.serializers import TransferRow
from transfers.writing import create_draft, edit_draft


@extend_schema(tags=["Transfers"])
@extend_schema_view(
    list=extend_schema(
        operation_id="transfers_list",
        summary="List drafts and payments",
        description="A draft that was finalised stays as `superseded`; `search.supersedes_id` finds what it became.",
        examples=examples.TRANSFERS,
    ),
    retrieve=extend_schema(
        operation_id="transfers_retrieve",
        summary="One draft or payment",
        description="`blockers` are what has to be settled before a draft can be finalised.",
        examples=examples.TRANSFERS,
    ),
)
class TransferViewSet(ListModelMixin, RetrieveModelMixin, TenantViewSet[Transfer]):
    """Drafts, what became of them, and payments that are to go out."""

    queryset = Transfer.objects.all()
    serializer_class = TransferRow
    detail_route = "transfer"
    required_scopes = {"GET": "transfers:read", "POST": "transfers:write", "PATCH": "transfers:write"}
    further_errors = {"pain001": ("400", "409", "414")}
    search_fields_exact = {
        "customer_id": "customer_id",
        "status": "status",
        "currency": "currency",
        "requested_execution_date": "requested_execution_date",
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

    @extend_schema(
        operation_id="transfers_create",
        summary="Make a draft",
        description="Only `customer_id` is needed; what is missing stands among the `blockers`. The account to pay to "
        "must be an active one on file of the counterparty: nothing is paid to an IBAN that is only sent. The account "
        "to pay from is, if left out, the customer's primary account in the currency.",
        request=NewTransfer,
        responses={201: TransferRow},
        examples=examples.TRANSFER,
    )
    def create(self, request: Request) -> Response:
        body = self.read_body(NewTransfer)
        transfer = create_draft(
            customer=self.customer_of(body["customer_id"]),
            source=body.get("source", Selector()),
            destination=body.get("destination", Selector()),
            upload_id=body.get("upload_id"),
            fields=columns_of(body),
            by=self.caller,
            now=timezone.now(),
        )
        return self.created(transfer.pk)

    @extend_schema(
        operation_id="transfers_update",
        summary="Change a draft",
        description="Only the fields that are sent; anything but a draft answers 409. From then on reprocessing its "
        "document leaves the draft alone, unless only `metadata` is sent. A blocker goes when what is sent answers it: "
        "`amount` and `reference` those about them, `destination.counterparty_id` those about who is paid, "
        "`destination.cp_account_id` those about the account, also when the same value is sent again; "
        "`settled_blockers` names those that no field answers. What the new values lack is added.",
        request=TransferChanges,
        responses={200: TransferRow},
        examples=examples.TRANSFER_CHANGES,
    )
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        transfer = self.get_object()
        body = self.read_body(TransferChanges)
        edit_draft(
            transfer_id=transfer.pk,
            source=body.get("source"),
            destination=body.get("destination"),
            settled=body.get("settled_blockers", ()),
            fields=columns_of(body),
            by=self.caller,
            now=timezone.now(),
        )
        return self.answer(transfer.pk)

    @extend_schema(
        operation_id="transfers_finalize",
        summary="Finalise a draft",
        description="Answers the `pending` transfer that supersedes the draft; repeated and concurrent calls answer "
        "the same one. Open blockers answer 409 with each code and its sentence in `details.blockers`; accounts are "
        "looked at again as they are now. The document becomes `attached`, and its OCR job names this transfer as "
        "`transaction_id`.",
        request=NoBody,
        responses={200: TransferRow},
        examples=examples.FINALIZED,
    )
    def finalize(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        draft = self.get_object()
        self.read_body(NoBody)
        return self.answer(finalize_transfer(transfer_id=draft.pk, by=self.caller, now=timezone.now()).pk)

    @extend_schema(
        operation_id="transfers_pain001",
        summary="The payment file of a finalised transfer",
        description="ISO 20022 pain.001.001.09, for the bank: euros within the SEPA as SEPA credit transfer, francs "
        "and euros within Switzerland and Liechtenstein as domestic payment with QR or creditor reference, all else as "
        "credit transfer with shared charges. References that the payee's scheme knows (RF, QRR, Belgian, Finnish, "
        "Norwegian) are structured. Fetched again it carries the same message id, by which a bank knows a file that it "
        "has seen. A transfer that is not pending, that `manage.py export_payments` has written to a file (unless "
        "`again=true`), whose payee was deactivated since, or that no payment can carry, answers 409.",
        parameters=[
            OpenApiParameter(
                "again",
                {"type": "string", "enum": ["true", "false"], "default": "false"},
                description="Also when the transfer is in a file of `manage.py export_payments`: it may be paid twice.",
            ),
            OpenApiParameter(
                "Content-Disposition",
                str,
                OpenApiParameter.HEADER,
                response=[200],
                description="`attachment`, with the name to save it under.",
            ),
        ],
        responses={(200, "application/xml"): OpenApiResponse(OpenApiTypes.BINARY, description="The payment file.")},
    )
    def pain001(self, request: Request, id: str) -> HttpResponse:  # noqa: A002 — the name in the path
        transfer = self.get_object()
        again = self._again()
        file = hand_out(
            transfer_id=transfer.pk,
            again=again,
            is_look=request.method == "HEAD",
            by=self.caller,
            now=timezone.now(),
        )
        return HttpResponse(
            file.content,
            content_type="application/xml",
            headers={
                "Content-Disposition": f'attachment; filename="pain001-{transfer.pk}.xml"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, no-store",
            },
        )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        # Its one parameter is no search.
        return queryset if self.action == "pain001" else super().filter_queryset(queryset)

    def _again(self) -> bool:
        query = self.request.query_params
        if unknown := sorted(set(query) - {"again"}):
            raise ValidationError({name: [say("Unknown parameter; known is again.")] for name in unknown})
        if query.get("again", "false") not in {"true", "false"}:
            raise ValidationError({"again": [say("Give true or false.")]})
        return query.get("again") == "true"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # The file is XML: a client that accepts nothing else must not be answered 406.
        return super().perform_content_negotiation(request, force=force or self.action == "pain001")

    @extend_schema(
        operation_id="transfers_cancel",
        summary="Cancel a draft or a payment",
        description="Of a draft, or of a pending transfer; cancelling twice changes nothing. A superseded draft "
        "answers 409: it is what superseded it that can be cancelled. No bank is told: a payment file that was fetched "
        "before has to be stopped there.",
        request=NoBody,
        responses={200: TransferRow},
        examples=examples.CANCELLED,
    )
    def cancel(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        transfer = self.get_object()
        self.read_body(NoBody)
        return self.answer(cancel_transfer(transfer_id=transfer.pk, by=self.caller, now=timezone.now()).pk)
