"""Webhooks in the back office: endpoints, what was sent to them and what came back, and sending it again.

Django's admin classes and forms take a type argument in their stubs only, hence the ignores.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from customers.webhooks.bodies import EVENT_TYPES
from customers.webhooks.endpoints import (
    TooManyEndpoints,
    TooManySecrets,
    add_endpoint,
    change_endpoint,
    check_room,
    check_url,
    rotate_secret,
)
from customers.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookSecret
from customers.webhooks.outbox import ReplayRefused, record_test, replay_delivery

_STANDARD = ("id", "created_at", "created_by", "modified_at", "modified_by")
_EDITED = ("url", "description", "event_types", "metadata")


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg]
    event_types = forms.MultipleChoiceField(
        choices=EVENT_TYPES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all of them, those to come included.",
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("customer", *_EDITED)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        check_url(url)
        return url

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if self.instance._state.adding and "customer" in cleaned:
            try:
                check_room(cleaned["customer"])
            except TooManyEndpoints as refused:
                self.add_error("customer", str(refused))
        return cleaned


class _Shown(admin.TabularInline):  # type: ignore[type-arg]
    """Rows of a log on the page of what they belong to."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """To whoever sees the page."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SecretInline(_Shown):
    model = WebhookSecret
    fields = readonly_fields = ("created_at", "created_by", "expires_at")


class AttemptInline(_Shown):
    model = WebhookAttempt
    fields = readonly_fields = ("started_at", "milliseconds", "address", "status", "error", "answer")


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = EndpointForm
    list_display = ("url", "customer", "status", "disabled_reason", "failing_since", "last_success_at", "active")
    list_filter = ("active", "disabled_reason", "customer")
    list_select_related = ("customer",)
    search_fields = ("url", "description", "customer__legal_name")
    readonly_fields = (
        *_STANDARD,
        "active",
        "status",
        "disabled_at",
        "disabled_reason",
        "failing_since",
        "last_success_at",
    )
    inlines = (SecretInline,)
    actions = ("send_test", "switch_on", "switch_off", "rotate", "rotate_at_once")

    def get_readonly_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> Any:
        return (*self.readonly_fields, *(("customer",) if obj else ()))

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: EndpointForm, change: bool) -> None:
        by, now = request.user.get_username(), timezone.now()
        fields = {name: form.cleaned_data[name] for name in _EDITED}
        if change:
            change_endpoint(endpoint=obj, changes=fields, by=by, now=now)
            return
        added, secret = add_endpoint(customer=obj.customer, fields=fields, by=by, now=now)
        # The admin goes on with its own instance: it becomes the stored row.
        obj.pk = added.pk
        obj.refresh_from_db()
        _show_secret(request, obj, secret)

    @admin.action(description="Send a test event", permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset.filter(active=True):
            record_test(endpoint=endpoint, now=timezone.now())
            messages.success(request, f"A test is on its way to {endpoint.url}; see its delivery for what comes back.")

    @admin.action(description="Switch on", permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        self._switch(request, queryset, WebhookEndpoint.Status.ENABLED)

    @admin.action(description="Switch off", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        self._switch(request, queryset, WebhookEndpoint.Status.DISABLED)

    def _switch(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint], status: str) -> None:
        for endpoint in queryset.filter(active=True):
            by = request.user.get_username()
            changed = change_endpoint(endpoint=endpoint, changes={"status": status}, by=by, now=timezone.now())
            self.log_change(request, changed, status)
            messages.success(request, f"{endpoint.url} is {status}.")

    @admin.action(description="Rotate the secret; the former one signs on for a while", permissions=["change"])
    def rotate(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        self._rotate(request, queryset, settings.WEBHOOK_SECRET_OVERLAP)

    @admin.action(description="Rotate the secret at once: the former one became known", permissions=["change"])
    def rotate_at_once(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        self._rotate(request, queryset, timedelta(0))

    def _rotate(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint], overlap: Any) -> None:
        for endpoint in queryset.filter(active=True):
            by = request.user.get_username()
            try:
                secret = rotate_secret(endpoint=endpoint, overlap=overlap, by=by, now=timezone.now())
            except TooManySecrets as refused:
                messages.error(request, f"{endpoint.url}: {refused}")
                continue
            self.log_change(request, endpoint, "secret rotated")
            _show_secret(request, endpoint, secret)

    def has_delete_permission(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> bool:
        """Never: what was sent names it. It is switched off instead."""
        return False


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("created_at", "type", "endpoint", "customer", "state", "attempts", "next_attempt_at", "failure")
    list_filter = ("state", "message__type", "endpoint__customer")
    list_select_related = ("message__customer", "endpoint")
    search_fields = ("endpoint__url", "message__body", "message__customer__legal_name")
    search_help_text = "A webhook-id (msg_…), an id in the message, a URL or a customer."
    date_hierarchy = "created_at"
    fields = (
        *("webhook_id", "type", "customer", "endpoint", "state", "attempts", "next_attempt_at", "lease_expires_at"),
        *("ended_at", "failure", "asked_by", "created_at", "body"),
    )
    inlines = (AttemptInline,)
    actions = ("replay",)

    @admin.display(description="type", ordering="message__type")
    def type(self, delivery: WebhookDelivery) -> str:
        return delivery.message.type

    @admin.display(description="customer")
    def customer(self, delivery: WebhookDelivery) -> str:
        return str(delivery.message.customer)

    @admin.display(description="webhook-id")
    def webhook_id(self, delivery: WebhookDelivery) -> str:
        return delivery.message.message_id

    @admin.display(description="body")
    def body(self, delivery: WebhookDelivery) -> str:
        return delivery.message.body

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[WebhookDelivery], search_term: str
    ) -> tuple[QuerySet[WebhookDelivery], bool]:
        try:
            return queryset.filter(message=UUID(search_term.strip().removeprefix("msg_"))), False
        except ValueError:
            return super().get_search_results(request, queryset, search_term)

    @admin.action(description="Send again, under the same webhook-id", permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        sent = 0
        for delivery in queryset:
            try:
                replay_delivery(delivery_id=delivery.pk, by=request.user.get_username(), now=timezone.now())
            except ReplayRefused as refused:
                messages.error(request, f"{delivery.message.message_id}: {refused}")
                continue
            self.log_change(request, delivery, "sent again")
            sent += 1
        if sent:
            messages.success(request, f"{sent} deliveries are on their way again.")

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("customers.replay_webhookdelivery")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return False


def _show_secret(request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> None:
    messages.warning(request, f"Keep the secret of {endpoint.url}, it is not shown again: {secret}")
