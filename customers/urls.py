from django.urls import path

from customers.webhooks.api import WebhookEndpointViewSet

urlpatterns = [
    path(
        "webhook-endpoints",
        WebhookEndpointViewSet.as_view({"get": "list", "post": "create"}),
        name="webhook-endpoints",
    ),
    path(
        "webhook-endpoints/<uuid:id>",
        WebhookEndpointViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="webhook-endpoint",
    ),
    path(
        "webhook-endpoints/<uuid:id>/rotate-secret",
        WebhookEndpointViewSet.as_view({"post": "rotate_secret"}),
        name="webhook-endpoint-rotate-secret",
    ),
]
