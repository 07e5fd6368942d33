"""What the endpoints of all apps have in common: whose rows a caller sees, and how a new row is answered."""

from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from customers.models import ApiKey, Customer
from customers.sentences import Sentence

Row = TypeVar("Row", bound=models.Model)


class UnknownReference(Exception):
    """A body names a row that does not exist for this caller: an unknown id and another customer's are the same."""

    def __init__(self, field: str) -> None:
        self.details = nested(field, [Sentence("There is no such row; check the id.")])
        super().__init__(
            Sentence("The body refers to something that does not exist; see details of: {field}.", field=field)
        )


def nested(field: str, messages: list[str]) -> dict[str, Any]:
    """The messages under the field's place in the body: `source.cp_account_id` lies two objects deep."""
    first, _, rest = field.partition(".")
    return {first: nested(rest, messages) if rest else messages}


class TenantViewSet(GenericViewSet[Row]):
    """Rows of the customers the caller's key may act for; `queryset` has to be one of `TenantQuerySet`."""

    lookup_field = "id"
    detail_route = ""

    @cached_property
    def customer_ids(self) -> frozenset[UUID]:
        """The customers the caller may act for; none while the API description is made, which no key asks for."""
        key = self.request.auth if hasattr(self, "request") and self.request else None
        return key.customer_ids() if isinstance(key, ApiKey) else frozenset()

    @property
    def caller(self) -> str:
        """Who wrote, as `created_by` and `modified_by` say it."""
        return str(self.request.user)

    def get_queryset(self) -> QuerySet[Row]:
        rows: Any = super().get_queryset()
        return rows.of(self.customer_ids)  # type: ignore[no-any-return]

    def customer_of(self, customer_id: UUID) -> Customer:
        """The customer with this id; raises UnknownReference unless the caller may act for it."""
        if customer_id not in self.customer_ids:
            raise UnknownReference("customer_id")
        return Customer.objects.get(pk=customer_id)

    def read_body(self, body: type[serializers.Serializer[Any]], **options: Any) -> dict[str, Any]:
        """The checked body of the request; raises DRF's ValidationError."""
        serializer = body(data=self.request.data, context=self.get_serializer_context(), **options)
        serializer.is_valid(raise_exception=True)
        checked: dict[str, Any] = serializer.validated_data
        return checked

    def answer(self, row_id: Any) -> Response:
        """The row as it is now, read as every GET reads it."""
        return Response(self.get_serializer(self.get_queryset().get(pk=row_id)).data)

    def created(self, row_id: Any) -> Response:
        """201 with the row and its address."""
        response = self.answer(row_id)
        response.status_code = status.HTTP_201_CREATED
        response["Location"] = reverse(self.detail_route, kwargs={"id": row_id})
        return response
