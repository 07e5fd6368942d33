"""What a key loses when it may do less than before: the answers kept for its repeated requests, which may show rows
that it has no right to any more."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.signals import m2m_changed, pre_save

from customers.models import ApiKey, Customer, StoredAnswer


def connect() -> None:
    """Called once for each process."""
    m2m_changed.connect(_customers_changed, sender=ApiKey.customers.through, dispatch_uid="customers.rights")
    pre_save.connect(_key_changes, sender=ApiKey, dispatch_uid="customers.rights.key")
    pre_save.connect(_customer_changes, sender=Customer, dispatch_uid="customers.rights.customer")


def _customers_changed(*, action: str, instance: ApiKey | Customer, pk_set: set[Any] | None, **_: Any) -> None:
    if isinstance(instance, ApiKey):
        lost = Q(pk=instance.pk) if action in {"post_remove", "pre_clear"} else None
    else:
        lost = {"post_remove": Q(pk__in=pk_set or ()), "pre_clear": Q(customers=instance)}.get(action)
    if lost is not None:
        _forget(ApiKey.objects.filter(lost))


def _key_changes(*, instance: ApiKey, **_: Any) -> None:
    before = ApiKey.objects.filter(pk=instance.pk).values_list("scopes", flat=True).first()
    if before is not None and not set(before) <= set(instance.scopes):
        _forget(ApiKey.objects.filter(pk=instance.pk))


def _customer_changes(*, instance: Customer, **_: Any) -> None:
    if not instance.active and Customer.objects.filter(pk=instance.pk, active=True).exists():
        _forget(ApiKey.objects.filter(customers=instance))


def _forget(keys: QuerySet[ApiKey]) -> None:
    """The requests stay known as carried out; what was answered to them is not said again."""
    answers = StoredAnswer.objects.filter(api_key__in=keys.order_by().values("pk"), state=StoredAnswer.State.DONE)
    answers.update(body=None, headers={}, webhook_secret=None)
