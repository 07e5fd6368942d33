"""The standard fields of the rows that the API hands out, and the one filter that keeps tenants apart."""

import uuid
from collections.abc import Iterable
from typing import Self, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[Row]):
    """Rows that belong to a customer. Every query made for a client goes through `of`."""

    def of(self, customer_ids: Iterable[uuid.UUID]) -> Self:
        """Only the rows of these customers; an empty iterable gives no row."""
        return self.filter(customer_id__in=list(customer_ids))


class Record(models.Model):
    """Standard fields: `created_by` and `modified_by` name the key, operator or task that wrote."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=150, blank=True, default="", editable=False)
    modified_at = models.DateTimeField(auto_now=True)
    modified_by = models.CharField(max_length=150, blank=True, default="", editable=False)
    active = models.BooleanField(default=True)
    metadata = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True
