"""Counterparties, their accounts, contacts and addresses in the back office.

Django's admin classes take a type argument in their stubs only, hence the ignores.
"""

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from counterparties.accounts import AccountInactive, make_primary
from counterparties.admin_forms import AccountForm, ContactForm, CounterpartyForm, contact_form
from counterparties.bank_changes import ChangeRefused, Origin
from counterparties.bank_changes_admin import BankDetailsChangeInline
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from counterparties.newcomers import ask_for_account, establish, stated_by, taken_for
from counterparties.onboarding import open_onboarding
from counterparties.registry import OWN_STAYS

_STANDARD = ("id", "created_at", "created_by", "modified_at", "modified_by")
# An IBAN typed as it is printed, in groups of four, is longer than the column; the model takes the spaces out.
_TYPED_WITH_SPACES = ("iban", "bic")
_FROM_BACK_OFFICE = Origin(source=BankDetailsChange.Source.ADMIN)


class _Written(admin.ModelAdmin):  # type: ignore[type-arg]
    """What all pages share: who wrote is noted, nothing is deleted (transfers name it), a million rows stay usable."""

    readonly_fields = _STANDARD
    show_full_result_count = False
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        _sign(obj, request)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for part in formset.save(commit=False):
            _sign(part, request)
            part.save()
        formset.save_m2m()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return _roomy(db_field, super().formfield_for_dbfield(db_field, request, **kwargs))


class _Part(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return _roomy(db_field, super().formfield_for_dbfield(db_field, request, **kwargs))


class AccountInline(_Part):
    """The first accounts are entered here; established ones are only looked at, and a change of them is asked for."""

    model = CounterpartyAccount
    fields = ("iban", "bic", "bank", "currency", "is_primary", "is_validated", "active")
    template = "admin/counterparties/accounts.html"
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Counterparty | None = None) -> bool:
        return not _is_established(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Counterparty | None = None) -> bool:
        return not _is_established(obj) and super().has_change_permission(request, obj)

    def get_max_num(self, request: HttpRequest, obj: Counterparty | None = None, **kwargs: Any) -> int | None:
        """To a counterparty without an account one is added; with that one its bank details are established."""
        if obj is None or (obj.onboarding and obj.onboarding.is_open):
            return None
        return 0 if _is_established(obj) else 1

    def get_formset(self, request: HttpRequest, obj: Counterparty | None = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **kwargs, validate_max=True)


class ContactInline(_Part):
    """Among them is the number that is called about changed bank details: who may decide on those validates it."""

    model = Contact
    form = ContactForm
    fields = ("type", "value", "validated", "preferred", "active")

    def get_formset(self, request: HttpRequest, obj: Counterparty | None = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"form": contact_form(request), **kwargs})


class AddressInline(_Part):
    model = Address
    fields = ("street", "zip", "city", "state", "country", "kind", "preferred", "active")


@admin.register(Counterparty)
class CounterpartyAdmin(_Written):
    list_display = ("legal_name", "customer", "type", "vat_id", "ibans", "is_own", "active", "created_at")
    list_filter = ("customer", "active", "type", "is_own")
    list_select_related = ("customer",)
    search_fields = ("legal_name", "aliases", "vat_id", "registration_number", "accounts__iban", "contacts__value")
    search_help_text = "Name, VAT or registration number, IBAN without spaces, e-mail address"
    form = CounterpartyForm
    inlines = (AccountInline, BankDetailsChangeInline, ContactInline, AddressInline)
    actions = ("activate", "deactivate")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Counterparty]:
        queryset: QuerySet[Counterparty] = super().get_queryset(request)
        return queryset.prefetch_related("accounts")

    def get_readonly_fields(self, request: HttpRequest, obj: Counterparty | None = None) -> tuple[str, ...]:
        """Its customer is settled once it is saved: accounts, invoices and transfers hang on it."""
        return _STANDARD if obj is None else (*_STANDARD, "customer")

    def save_model(self, request: HttpRequest, obj: Counterparty, form: Any, change: bool) -> None:
        """A new counterparty and the accounts in its form come in one go; `save_related` ends that."""
        if not change:
            obj.onboarding = open_onboarding(by=request.user.get_username())
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The accounts of one that could be taken for another are asked for, and so are all that it is ever to have."""
        counterparty: Counterparty = form.instance
        request.taken_for = _taken_for(counterparty, formsets, change=change)  # type: ignore[attr-defined]
        if request.taken_for:  # type: ignore[attr-defined]
            establish(counterparty=counterparty, now=timezone.now())
        super().save_related(request, form, formsets, change)
        if not change and counterparty.onboarding:
            counterparty.onboarding.close()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        alike = getattr(request, "taken_for", "")
        if formset.model is CounterpartyAccount and alike:
            self._ask_for(request, form.instance, formset, alike)
        super().save_formset(request, form, formset, change)

    def _ask_for(self, request: HttpRequest, counterparty: Counterparty, formset: Any, alike: str) -> None:
        """Takes the new accounts out of the formset, and asks for them instead."""
        new = [each for each in formset.extra_forms if each.has_changed()]
        formset.forms[:] = [each for each in formset.forms if each not in new]
        for each in new:
            try:
                change = ask_for_account(
                    counterparty=counterparty,
                    account=each.instance,
                    origin=_FROM_BACK_OFFICE,
                    by=request.user.get_username(),
                    now=timezone.now(),
                )
            except ChangeRefused as refused:
                messages.error(request, str(refused))
                continue
            told = f"{counterparty} could be taken for {alike}: {change.iban} waits for a second person to confirm it."
            messages.warning(request, told)

    def get_inlines(self, request: HttpRequest, obj: Counterparty | None) -> Any:
        """A counterparty that is being entered has no trail yet."""
        return [each for each in super().get_inlines(request, obj) if obj or each is not BankDetailsChangeInline]

    @admin.display(description="IBAN")
    def ibans(self, counterparty: Counterparty) -> str:
        return ", ".join(account.iban for account in counterparty.accounts.all() if account.active)

    @admin.action(description="Deactivate the selected counterparties", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Counterparty]) -> None:
        self._set_active(request, queryset, active=False)

    @admin.action(description="Activate the selected counterparties", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Counterparty]) -> None:
        self._set_active(request, queryset, active=True)

    def _set_active(self, request: HttpRequest, queryset: QuerySet[Counterparty], *, active: bool) -> None:
        if not active and queryset.filter(is_own=True, active=True).exists():
            messages.warning(request, str(OWN_STAYS))
            queryset = queryset.exclude(is_own=True)
        changed = queryset.exclude(active=active).update(
            active=active, modified_at=timezone.now(), modified_by=request.user.get_username()
        )
        messages.success(request, f"{changed} counterparties {'activated' if active else 'deactivated'}.")


class _PartAdmin(_Written):
    list_select_related = ("counterparty", "customer")
    autocomplete_fields = ("counterparty",)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        return _STANDARD if obj is None else (*_STANDARD, "counterparty")


@admin.register(CounterpartyAccount)
class CounterpartyAccountAdmin(_PartAdmin):
    list_display = ("iban", "bic", "currency", "counterparty", "customer", "is_primary", "is_validated", "active")
    list_filter = ("customer", "active", "is_primary", "is_validated", "currency")
    search_fields = ("iban", "bic", "bank", "counterparty__legal_name")
    actions = ("make_primary",)
    form = AccountForm

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """What an account on file is reached by is not edited: another account is asked for as a change."""
        form = super().get_form(request, obj, change, **kwargs)
        for name in ("iban", "bic") if obj else ():
            if field := form.base_fields.get(name):
                field.disabled = True
        return form

    @admin.action(description="Make the selected accounts the primary ones of their currency", permissions=["change"])
    def make_primary(self, request: HttpRequest, queryset: QuerySet[CounterpartyAccount]) -> None:
        for account in queryset:
            try:
                make_primary(account=account, by=request.user.get_username(), now=timezone.now())
            except AccountInactive as error:
                messages.error(request, str(error))
            else:
                messages.success(request, f"{account} is now the primary account.")


@admin.register(Contact)
class ContactAdmin(_PartAdmin):
    form = ContactForm
    list_display = ("value", "type", "counterparty", "customer", "validated", "preferred", "active")
    list_filter = ("customer", "active", "type", "validated", "preferred")
    search_fields = ("value", "counterparty__legal_name")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **{"form": contact_form(request), **kwargs})


@admin.register(Address)
class AddressAdmin(_PartAdmin):
    list_display = ("street", "zip", "city", "country", "kind", "counterparty", "customer", "preferred", "active")
    list_filter = ("customer", "active", "kind", "preferred", "country")
    search_fields = ("street", "zip", "city", "counterparty__legal_name")


def _is_established(counterparty: Counterparty | None) -> bool:
    return counterparty is not None and counterparty.has_established_bank_details()


def _taken_for(counterparty: Counterparty, formsets: Any, *, change: bool) -> str:
    """The name of the counterparty for which one that is entered, or that gets its first account, could be taken."""
    rows = {formset.model: [form for form in formset.forms if form.has_changed()] for formset in formsets}
    is_new = not change or any(form.instance._state.adding for form in rows.get(CounterpartyAccount, ()))
    if not is_new:
        return ""
    typed = [form.cleaned_data for form in rows.get(Contact, ()) if form.cleaned_data.get("type") == Contact.Type.EMAIL]
    stated = stated_by(counterparty)
    stated = replace(stated, emails=(*stated.emails, *(each.get("value", "") for each in typed)))
    alike = taken_for(customer_id=counterparty.customer_id, stated=stated, besides=counterparty.pk)
    return alike.legal_name if alike else ""


def _sign(row: Any, request: HttpRequest) -> None:
    row.modified_by = request.user.get_username()
    row.created_by = row.created_by or row.modified_by


def _roomy(db_field: Any, field: Any) -> Any:
    if field is not None and db_field.name in _TYPED_WITH_SPACES:
        field.max_length = 50
        field.validators = [check for check in field.validators if getattr(check, "code", "") != "max_length"]
        field.widget.attrs.pop("maxlength", None)
    return field
