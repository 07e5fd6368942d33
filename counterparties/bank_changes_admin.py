"""Changes of bank details in the back office: asked for by one person, confirmed or refused by another.

Django's admin classes take a type argument in their stubs only, hence the ignores.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from counterparties.bank_changes import (
    AskedAccount,
    ChangeRefused,
    Origin,
    ask_for_change,
    check_change,
    confirm_change,
    refuse_change,
    same_person,
    withdraw_change,
)
from counterparties.bank_details_change import BankDetailsChange
from counterparties.identifiers import compact
from counterparties.models import Contact, Counterparty
from counterparties.onboarding import Onboarding

_ASKED = ("counterparty", "iban", "bic", "bank", "currency", "verification")
_ASK, _DECIDE = "counterparties.add_bankdetailschange", "counterparties.decide_bankdetailschange"
_TOO_NEW = timedelta(days=30)  # a contact that changed so shortly before an account may belong to the same fraud
_NEEDED = {"confirm": _DECIDE, "refuse": _DECIDE, "withdraw": _ASK}


class _LookedAtOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AskForm(forms.ModelForm):  # type: ignore[type-arg]
    """Room for an IBAN as it is printed; what cannot be asked for is said beside the field."""

    by = ""  # who asks; the page puts the operator here

    iban = forms.CharField(label="IBAN", max_length=50)
    bic = forms.CharField(label="BIC", max_length=20, required=False)

    class Meta:
        model = BankDetailsChange
        fields = _ASKED

    def clean_iban(self) -> str:
        return compact(self.cleaned_data["iban"])

    def clean_bic(self) -> str:
        return compact(self.cleaned_data["bic"])

    def _post_clean(self) -> None:
        """Instead of Django's check of the whole row, of which the form has a part only."""
        counterparty: Counterparty | None = self.cleaned_data.get("counterparty")
        if self.errors or counterparty is None:
            return
        change = BankDetailsChange(
            customer_id=counterparty.customer_id,
            source=BankDetailsChange.Source.ADMIN,
            asked_by=self.by,
            asked_at=timezone.now(),
            **self.cleaned_data,
        )
        try:
            check_change(change)
        except ChangeRefused as refused:
            self.add_error(None, str(refused))
        except forms.ValidationError as error:
            self.add_error(None, error)
        self.instance = change


class DecisionForm(forms.Form):
    verification = forms.CharField(required=False)
    reason = forms.CharField(required=False)


class BankDetailsChangeInline(admin.TabularInline):  # type: ignore[type-arg]
    """The trail on the counterparty's page."""

    model = BankDetailsChange
    fields = (
        "asked_at",
        "asked_by",
        "source",
        "iban",
        "decision",
        "decided_by",
        "decided_at",
        "verification",
        "reason",
    )
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(BankDetailsChange)
class BankDetailsChangeAdmin(_LookedAtOnly):
    list_display = ("counterparty", "iban", "source", "asked_by", "asked_at", "decision", "decided_by", "decided_at")
    list_filter = ("decision", "source", "customer", "asked_at", "asked_by")
    # What waits for somebody stands at the top.
    ordering = (Case(When(decision=BankDetailsChange.Decision.PENDING, then=0), default=1), "-asked_at", "-id")
    list_select_related = ("counterparty",)
    search_fields = ("iban", "counterparty__legal_name", "asked_by", "decided_by")
    show_full_result_count = False
    date_hierarchy = "asked_at"
    autocomplete_fields = ("counterparty",)
    change_form_template = "admin/counterparties/bankdetailschange/change_form.html"
    fieldsets = [
        (None, {"fields": ("document_says", "verification", "reason")}),
        ("Trail", {"fields": ("asked_by", "asked_at", "decided_by", "decided_at", "account", "entered_at")}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """To ask is to add; that is left to Django's permissions."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_fieldsets(self, request: HttpRequest, obj: BankDetailsChange | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else [(None, {"fields": _ASKED})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if not change:
            kwargs["form"] = type("OperatorsAskForm", (AskForm,), {"by": request.user.get_username()})
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: BankDetailsChange, form: Any, change: bool) -> None:
        """Only ever a new one: what is there is decided, not edited."""
        stored = ask_for_change(
            customer_id=obj.customer_id,
            counterparty_id=obj.counterparty_id,
            account=AskedAccount(iban=obj.iban, bic=obj.bic, bank=obj.bank, currency=obj.currency),
            origin=Origin(source=BankDetailsChange.Source.ADMIN),
            by=request.user.get_username(),
            now=timezone.now(),
            verification=obj.verification,
        )
        obj.pk = stored.pk

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        change = self.get_object(request, object_id)
        if change is None or not self.has_view_permission(request, change):
            return super().change_view(request, object_id, form_url, extra_context)
        if request.method == "POST":
            self._decide(request, change)
            return HttpResponseRedirect(request.path)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **_page(request, change)})

    def _decide(self, request: HttpRequest, change: BankDetailsChange) -> None:
        verb, words = request.POST.get("decide", ""), DecisionForm(request.POST)
        needed = _NEEDED.get(verb)
        if needed is None or not request.user.has_perm(needed) or not words.is_valid():
            raise PermissionDenied
        who: dict[str, Any] = {"change_id": change.pk, "by": request.user.get_username(), "now": timezone.now()}
        try:
            if verb == "confirm":
                decided = confirm_change(**who, verification=words.cleaned_data["verification"])
            else:
                decide = refuse_change if verb == "refuse" else withdraw_change
                decided = decide(**who, reason=words.cleaned_data["reason"])
        except ChangeRefused as refused:
            messages.error(request, str(refused))
            return
        self.log_change(request, decided, f"{decided.get_decision_display()}: {decided.iban}")
        done = f"The change to {decided.iban} is {decided.get_decision_display()}."
        if decided.account_id:
            done += " The account is on file, and the documents that wait for it are matched again."
        messages.success(request, done)


@admin.register(Onboarding)
class OnboardingAdmin(_LookedAtOnly):
    list_display = ("opened_at", "opened_by", "closed_at")
    search_fields = ("opened_by",)


@dataclass(frozen=True, slots=True)
class _KnownContact:
    """A contact on file and who last changed it; `doubt` says why it is not to be called, empty where it may be."""

    contact: Contact
    by: str
    doubt: str


def _contacts(change: BankDetailsChange) -> list[_KnownContact]:
    """Those to call first: whoever asks for an account could have put a number of his own beside it."""
    found = []
    for contact in change.counterparty.contacts.filter(active=True).order_by("-validated", "-preferred"):
        by, doubt = contact.modified_by or contact.created_by, ""
        if same_person(by, change.asked_by):
            doubt = "last changed by who asked for this account"
        elif contact.modified_at >= change.asked_at:
            doubt = "changed after this account was asked for"
        elif contact.modified_at >= change.asked_at - _TOO_NEW:
            doubt = f"changed within {_TOO_NEW.days} days before this account was asked for"
        found.append(_KnownContact(contact=contact, by=by or "nobody known", doubt=doubt))
    return sorted(found, key=lambda each: bool(each.doubt))


def _page(request: HttpRequest, change: BankDetailsChange) -> dict[str, Any]:
    """What a person needs to decide: the old and the new side by side, and whom to call."""
    counterparty = change.counterparty
    on_file = [row for row in counterparty.accounts.all() if row.active and row.pk != change.account_id]
    is_pending = change.decision == BankDetailsChange.Decision.PENDING
    is_mine = same_person(change.asked_by, request.user.get_username())
    return {
        "bank_change": change,
        "title": f"New account for {counterparty}",
        "bank_accounts": on_file,
        "is_other_country": bool(on_file) and all(row.iban[:2] != change.iban[:2] for row in on_file),
        "bank_contacts": _contacts(change),
        "others_with_iban": Counterparty.objects.of([change.customer_id])
        .filter(accounts__iban=change.iban)
        .exclude(pk=counterparty.pk),
        "may_decide": is_pending and not is_mine and request.user.has_perm(_DECIDE),
        "may_withdraw": is_pending and is_mine,
    }
