"""The OCR endpoints of the contract: start a job, poll it, ask why, list, process again."""

import hashlib
import json
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db.models import Model, QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from customers.body_fields import BodyParser
from customers.models import ApiKey, Customer
from customers.resources import UnknownReference
from ocr import examples
from ocr.intake import accept_document, check_size, decode_document
from ocr.models import OcrJob
from ocr.representation import (
    ACCEPTED,
    STATES_OF_STATUS,
    job_evidence,
    job_response,
    with_what_is_shown,
)
from ocr.review import ask_again
from ocr.serializers import JobEvidence, JobRequestV2, JobResponseV2, JobUploadRequestV2, ReprocessRequest

MULTIPART = "multipart/form-data"
_RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, response=[202], description="Seconds until it is worth to poll."
)
_LOCATION = OpenApiParameter(
    "Location", OpenApiTypes.URI_REF, OpenApiParameter.HEADER, response=[202], description="The address to poll."
)
_ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 202, 304, 422], description="For `If-None-Match`."
)
STARTED = {202: OpenApiResponse(JobResponseV2, description="The job waits for a worker.")}


def _by_status(queryset: QuerySet[Model], value: str) -> QuerySet[Model]:
    if value not in STATES_OF_STATUS:
        raise ValueError(value)
    return queryset.filter(state__in=STATES_OF_STATUS[value])


def _key(request: Request) -> ApiKey:
    """The caller's key; the default permission lets nobody through without one."""
    return cast(ApiKey, request.auth)


def _answer(job: OcrJob, *, request: Request) -> Response:
    """The job with everything a poller needs in the headers."""
    body = job_response(job)
    tag = f'"{hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if body["status"] == ACCEPTED:
        headers["Retry-After"] = str(settings.JOB_POLL_AFTER_SECONDS)
    if request.method == "GET" and _names(request.headers.get("If-None-Match", ""), tag):
        return Response(status=304, headers=headers)
    if request.method == "POST":
        headers["Location"] = reverse("ocr-job", kwargs={"pk": job.pk})
    return Response(body, status=body["status"], headers=headers)


def _names(if_none_match: str, tag: str) -> bool:
    """RFC 9110 § 13.1.2: a list of tags, weak or strong, or `*`."""
    tags = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return tag in tags or "*" in tags


class OcrView(GenericAPIView[OcrJob]):
    serializer_class = JobResponseV2

    def get_queryset(self) -> QuerySet[OcrJob]:
        if getattr(self, "swagger_fake_view", False):
            return OcrJob.objects.none()
        return OcrJob.objects.filter(customer_id__in=_key(self.request).customer_ids())


class ShownJobsView(OcrView):
    def get_queryset(self) -> QuerySet[OcrJob]:
        return with_what_is_shown(super().get_queryset())


@extend_schema(tags=["OCR"])
class JobListView(ShownJobsView):
    required_scopes = {"GET": "ocr:read", "POST": "ocr:write"}
    parser_classes = [BodyParser, MultiPartParser]
    search_fields_exact = {
        "status": _by_status,
        "counterparty_match": "counterparty_match",
        "customer_id": "customer_id",
        "invoice_number": "invoice_number",
    }
    search_values = {"status": tuple(STATES_OF_STATUS)}
    search_text_fields = ("invoice_number", "upload__file_name", "counterparty__legal_name")
    sort_fields = {"created_at": "created_at", "modified_at": "modified_at"}

    @extend_schema(
        operation_id="ocr_jobs_list",
        summary="List OCR jobs, newest first",
        description="Each as its own address answers it; `status` is that of the job.",
        responses={200: JobResponseV2(many=True)},
        examples=examples.FINISHED,
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([job_response(job) for job in page or []])

    @extend_schema(
        operation_id="ocr_job_create",
        summary="Start an OCR job",
        description="The upload and the job are stored before the answer; the document is read afterwards. "
        "Poll the address in `Location` as `Retry-After` says.",
        request={"application/json": JobRequestV2, MULTIPART: JobUploadRequestV2},
        parameters=[_LOCATION, _RETRY_AFTER, _ETAG],
        responses=STARTED,
        examples=examples.START,
    )
    def post(self, request: Request) -> Response:
        if (request.content_type or "").startswith(MULTIPART):
            form = JobUploadRequestV2(data=request.data)
            form.is_valid(raise_exception=True)
            customer = self._customer(form.validated_data["customer_id"])
            file = form.validated_data["file"]
            check_size(file.size)
            content, file_name = file.read(), file.name
        else:
            body = JobRequestV2(data=request.data)
            body.is_valid(raise_exception=True)
            customer = self._customer(body.validated_data["customer_id"])
            content = decode_document(body.validated_data["base64_file"])
            file_name = body.validated_data.get("file_name", "")
        job = accept_document(customer=customer, content=content, file_name=file_name, by=str(request.user))
        return _answer(job, request=request)

    def _customer(self, customer_id: UUID) -> Customer:
        customer = Customer.objects.filter(pk=customer_id, pk__in=_key(self.request).customer_ids()).first()
        if customer is None:
            raise UnknownReference("customer_id")
        return customer


@extend_schema(tags=["OCR"])
class JobView(ShownJobsView):
    required_scopes = {"GET": "ocr:read"}

    @extend_schema(
        operation_id="ocr_job_retrieve",
        summary="Poll an OCR job",
        description="HTTP status and `status` are equal: 202 queued or running, 200 finished, 422 failed for good. "
        "With `If-None-Match`: 304 as long as nothing has changed.",
        parameters=[
            OpenApiParameter(
                "If-None-Match", str, OpenApiParameter.HEADER, description="The `ETag` of an earlier answer."
            ),
            _RETRY_AFTER,
            _ETAG,
        ],
        responses={
            200: OpenApiResponse(JobResponseV2, description="Finished."),
            202: OpenApiResponse(JobResponseV2, description="Queued or running."),
            304: OpenApiResponse(description="Nothing has changed since the answer with this ETag."),
            422: OpenApiResponse(JobResponseV2, description="Failed for good; `message` says why."),
        },
        examples=examples.POLLED,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return _answer(self.get_object(), request=request)


@extend_schema(tags=["OCR"])
class JobEvidenceView(OcrView):
    required_scopes = {"GET": "ocr:read"}
    serializer_class = JobEvidence  # type: ignore[assignment]

    @extend_schema(
        operation_id="ocr_job_evidence",
        summary="Why a job came to its result",
        description="For each value where it stands in the document, which checks it passed, and what else was seen; "
        "for the match the candidates with their reasons; warnings, corrections and runs.",
        responses={200: JobEvidence},
        examples=examples.EVIDENCE,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(job_evidence(self.get_object()))


@extend_schema(tags=["OCR"])
class JobReprocessView(OcrView):
    required_scopes = {"POST": "ocr:write"}

    @extend_schema(
        operation_id="ocr_job_reprocess",
        summary="Process a job again",
        description="Keeps what operators corrected, the upload and the draft; a draft that a person has edited or "
        "finalised is left alone. 409 while the job is still running, and once its document was deleted after the "
        "customer's period.",
        request=ReprocessRequest,
        parameters=[_LOCATION, _RETRY_AFTER, _ETAG],
        responses=STARTED,
        examples=examples.REPROCESS,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        job = self.get_object()
        body = ReprocessRequest(data=request.data)
        body.is_valid(raise_exception=True)
        job = ask_again(job=job, from_stage=body.validated_data["from_stage"], by=str(request.user))
        return _answer(job, request=request)
