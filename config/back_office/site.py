"""The back office's site: who gets in, with how many factors, and that the audit trail hears of all that is done."""

from http import HTTPStatus
from operator import attrgetter
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django_otp import devices_for_user, user_has_device
from django_otp.forms import OTPAuthenticationFormMixin
from django_otp.models import Device

from config.back_office.audited import Audited
from config.back_office.logins import record_login
from ocr.back_office.dashboard import dashboard


class TokenAuthenticationForm(AdminAuthenticationForm, OTPAuthenticationFormMixin):  # type: ignore[misc]
    """Name, password and the six digits of an authenticator app (TOTP, RFC 6238), asked for on one page."""

    otp_token = forms.CharField(
        required=False,
        label="Code of the authenticator app",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    otp_error_messages = {
        **OTPAuthenticationFormMixin.otp_error_messages,
        "token_required": "Type the code that your authenticator app shows.",
        "invalid_token": "That code is not the right one, or was used already; wait for the next and type it.",
    }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.cleaned_data = cleaned
        user = self.get_user()
        if user is not None and not user_has_device(user):
            raise forms.ValidationError(
                "This login has no authenticator app yet; ask whoever runs the service for "
                f"`manage.py add_second_factor {user.get_username()}`.",
                code="no_device",
            )
        self.clean_otp(user)
        return cleaned

    def _chosen_device(self, user: AbstractBaseUser) -> Device | None:
        """The newest device: `add_second_factor` leaves one. The mixin would have the browser name it."""
        devices: list[Device] = list(devices_for_user(user, for_verify=True))
        return max(devices, key=attrgetter("pk"), default=None)

    def _update_form(self, user: AbstractBaseUser) -> None:
        """Nothing: the mixin would write the password back into the page."""


class BackOffice(AdminSite):
    site_header = "Paydraft"
    site_title = "Paydraft"
    index_title = "Back office"
    site_url = None  # there is no other site to view

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Every page, those of libraries too, with the audit trail mixed in."""
        page = admin_class or ModelAdmin
        audited = type(page.__name__, (Audited, page), {"__module__": page.__module__, "__doc__": page.__doc__})
        super().register(model_or_iterable, audited, **options)

    @property
    def login_form(self) -> type[AdminAuthenticationForm]:  # type: ignore[override]
        return TokenAuthenticationForm if settings.SECOND_FACTOR else AdminAuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff; with a second factor asked for, only in a session in which its code was given."""
        allowed = super().has_permission(request)
        return allowed and (not settings.SECOND_FACTOR or request.user.is_verified())  # type: ignore[union-attr]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The page to sign in at; who got in, and who was locked out, is recorded."""
        response = super().login(request, extra_context)
        if request.method == "POST":
            record_login(request, is_in=response.status_code == HTTPStatus.FOUND)
        return response

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page, with the figures of the work for those who may see jobs."""
        board = dashboard() if request.user.has_perm("ocr.view_ocrjob") else None
        return super().index(request, {"dashboard": board, **(extra_context or {})})
