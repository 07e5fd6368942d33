"""What is changed in the back office goes into the audit trail, on every page of it, those of libraries too."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from customers.audit.recording import MOST_ITEMS, record
from customers.models import Customer, WebhookEndpoint

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object

# Fields whose names have one of these are told of without their values. A webhook's URL may hold a password.
UNTOLD = ("password", "secret", "seed", "token", "hash", "key", "url", "session")
DELETES = "delete_selected"


class Audited(Base):
    """Mixed before every ModelAdmin: Django logs here, and so does the trail."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Django's message; what was in the fields before and is now is kept for `log_change`."""
        forms = [form, *(each for formset in formsets or () for each in formset.forms)]
        told: dict[str, Any] = {}
        for each in forms:
            if each.has_changed():
                whose = "" if each is form else f"{each._meta.model._meta.model_name} {each.instance.pk}: "
                told |= {whose + name: _change(each, name) for name in each.changed_data if _differs(each, name)}
        request.audit_fields = told  # type: ignore[attr-defined]
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        _record(request, "admin.added", obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        _record(request, "admin.changed", obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for obj in queryset:
            _record(request, "admin.deleted", obj, "")
        return super().log_deletions(request, queryset)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Deleting records each row itself, in one transaction with it. Any other action is recorded as asked for, for
        it may take long, and what it decides is recorded where that is decided."""
        name = _action(request)
        if name == DELETES:
            with transaction.atomic():
                return super().response_action(request, queryset, *args, **kwargs)
        response = super().response_action(request, queryset, *args, **kwargs)
        if response is None or not name:  # nothing was chosen
            return response
        # An action with a page of its own hands more rows on than a form has fields for.
        ids: list[str] = getattr(request, "action_rows", request.POST.getlist("_selected_action"))
        detail = {"action": name, "rows": ids, "number": len(ids), "all": request.POST.get("select_across") == "1"}
        record(action="admin.action", by=_person(request), subject=self.model(pk=None), detail=detail, named="")
        return response


def _record(request: HttpRequest, action: str, obj: Model, message: Any) -> None:
    detail: dict[str, Any] = {"fields": vars(request).pop("audit_fields", {})}
    if isinstance(message, str) and message:
        detail["message"] = message
    customer_id = obj.pk if isinstance(obj, Customer) else getattr(obj, "customer_id", None)
    # A webhook's own text is its URL.
    named = urlsplit(obj.url).hostname or "" if isinstance(obj, WebhookEndpoint) else None
    record(action=action, by=_person(request), subject=obj, customer_id=customer_id, detail=detail, named=named)


def _differs(form: Any, name: str) -> bool:
    """Empty JSON counts as changed with Django, whatever was there."""
    return bool(form.initial.get(name) != form.cleaned_data.get(name))


def _change(form: Any, name: str) -> dict[str, Any]:
    if any(word in name.lower() for word in UNTOLD):
        return {"changed": True}
    return {"before": _shown(form.initial.get(name)), "after": _shown(form.cleaned_data.get(name))}


def _shown(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk if isinstance(value.pk, int) else str(value.pk)
    if isinstance(value, (list, tuple, set, QuerySet)):
        return [_shown(each) for each in list(value)[:MOST_ITEMS]]
    return value


def _action(request: HttpRequest) -> str:
    """The chosen action: the page has its choice twice, above and below the list, and `index` says which counts."""
    chosen = request.POST.getlist("action")
    index = request.POST.get("index", "0")
    return chosen[int(index)] if index.isdigit() and int(index) < len(chosen) else "".join(chosen[:1])


def _person(request: HttpRequest) -> str:
    return str(request.user.get_username())
