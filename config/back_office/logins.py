"""Logins in the audit trail."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils import timezone

from config.client_address import client_address
from customers.audit.models import AuditEntry
from customers.audit.recording import LONGEST_TEXT, record

LOCKED_OUT = "login.locked_out"


def record_login(request: HttpRequest, *, is_in: bool) -> None:
    """Who signed in, or whom django-axes has just locked out; an attempt that failed is in its log only.

    A lock-out is recorded once for a login name and address in the time that it lasts: whoever goes on trying does not
    fill the trail.
    """
    address = client_address(request)
    if is_in:
        record(
            action="login.succeeded",
            by=request.user.get_username(),
            subject=request.user,  # type: ignore[arg-type]  # who got in is somebody
            detail={"address": address},
        )
    elif getattr(request, "axes_locked_out", False):
        name = request.POST.get("username", "").replace("\0", "")[:LONGEST_TEXT]
        since = timezone.now() - settings.AXES_COOLOFF_TIME
        known = AuditEntry.objects.filter(
            action=LOCKED_OUT, actor=name, detail__address=address, recorded_at__gte=since
        )
        if not known.exists():
            record(
                action=LOCKED_OUT,
                by=name,
                subject=get_user_model()(pk=None),
                named=name,
                detail={"address": address},
            )
