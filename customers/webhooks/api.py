"""`/v2/webhook-endpoints`."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from customers.resources import TenantViewSet
from customers.webhooks import examples
from customers.webhooks.bodies import NewWebhookEndpoint, SecretRotation, WebhookEndpointChanges
from customers.webhooks.endpoints import add_endpoint, change_endpoint, delete_endpoint, rotate_secret
from customers.webhooks.models import WebhookEndpoint
from customers.webhooks.serializers import WebhookEndpointRow, WebhookEndpointWithSecret


@extend_schema(tags=["Webhooks"])
@extend_schema_view(
    list=extend_schema(
        operation_id="webhook_endpoints_list",
        summary="List webhook endpoints",
        description="Without their secrets, which are shown once.",
        examples=examples.ENDPOINTS,
    ),
    retrieve=extend_schema(
        operation_id="webhook_endpoints_retrieve",
        summary="One webhook endpoint",
        description="With what is known of its health.",
        examples=examples.ENDPOINTS,
    ),
)
class WebhookEndpointViewSet(ListModelMixin, RetrieveModelMixin, TenantViewSet[WebhookEndpoint]):
    """Where customers are told of events."""

    queryset = WebhookEndpoint.objects.filter(active=True)
    serializer_class = WebhookEndpointRow
    detail_route = "webhook-endpoint"
    required_scopes = {
        "GET": "webhooks:read",
        "POST": "webhooks:write",
        "PATCH": "webhooks:write",
        "DELETE": "webhooks:write",
    }
    search_fields_exact = {"customer_id": "customer_id", "url": "url"}
    search_text_fields = ("url", "description")
    sort_fields = {"created_at": "created_at", "modified_at": "modified_at", "url": "url"}

    @extend_schema(
        operation_id="webhook_endpoints_create",
        summary="Add a webhook endpoint",
        description="It is told of the customer's events from now on, signed as Standard Webhooks has it "
        "(docs/webhooks.md). The answer holds the secret, which is not shown again. A customer has at most 20 (409).",
        request=NewWebhookEndpoint,
        responses={201: WebhookEndpointWithSecret},
        examples=examples.NEW_ENDPOINT,
    )
    def create(self, request: Request) -> Response:
        fields = self.read_body(NewWebhookEndpoint)
        customer = self.customer_of(fields.pop("customer_id"))
        endpoint, secret = add_endpoint(customer=customer, fields=fields, by=self.caller, now=timezone.now())
        response = self.created(endpoint.pk)
        return self._with_secret(response, secret)

    @extend_schema(
        operation_id="webhook_endpoints_update",
        summary="Change a webhook endpoint",
        description="Only the fields that are sent. Deliveries that wait go to the new URL.",
        request=WebhookEndpointChanges,
        responses={200: WebhookEndpointRow},
        examples=examples.CHANGED_ENDPOINT,
    )
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        endpoint = self.get_object()
        changes = self.read_body(WebhookEndpointChanges, instance=endpoint, partial=True)
        try:
            change_endpoint(endpoint=endpoint, changes=changes, by=self.caller, now=timezone.now())
        except WebhookEndpoint.DoesNotExist as gone:
            raise Http404 from gone
        return self.answer(endpoint.pk)

    @extend_schema(
        operation_id="webhook_endpoints_delete",
        summary="Delete a webhook endpoint",
        description="Nothing is sent to it any more; what waits is given up.",
        responses={204: OpenApiResponse(description="Deleted.")},
    )
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        delete_endpoint(endpoint=self.get_object(), by=self.caller, now=timezone.now())
        return Response(status=204)

    @extend_schema(
        operation_id="webhook_endpoints_rotate_secret",
        summary="Give a webhook endpoint a new secret",
        description="The answer holds the new secret, which is not shown again. Until the overlap ends, every message "
        "carries a signature of the former secret too. At most three secrets sign at once (409).",
        request=SecretRotation,
        responses={200: WebhookEndpointWithSecret},
        examples=examples.ROTATION,
    )
    def rotate_secret(self, request: Request, id: str) -> Response:  # noqa: A002 — the name in the path
        endpoint = self.get_object()
        overlap = self.read_body(SecretRotation)["overlap"]
        secret = rotate_secret(endpoint=endpoint, overlap=overlap, by=self.caller, now=timezone.now())
        return self._with_secret(self.answer(endpoint.pk), secret)

    def _with_secret(self, response: Response, secret: str) -> Response:
        response.data = {**response.data, "secret": secret}
        response.shown_secret = secret  # type: ignore[attr-defined] # what keeps answers must not keep this
        response["Cache-Control"] = "no-store"
        return response
