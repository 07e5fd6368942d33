"""The audit trail in the back office: to look at, for administrators.

Django's admin classes take a type argument in their stubs only, hence the ignore.
"""

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from customers.audit.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("recorded_at", "actor", "action", "subject", "subject_type", "customer", "number")
    list_filter = ("action", "customer", "recorded_at")
    list_select_related = ("customer",)
    search_fields = ("actor", "action", "subject", "subject_id", "hash")
    search_help_text = "Who, an action, a name, an id, or a hash."
    show_full_result_count = False
    date_hierarchy = "recorded_at"
    fields = (
        *("number", "recorded_at", "actor", "action", "customer", "subject_type", "subject_id", "subject"),
        *("told", "content_hash", "previous_hash", "hash"),
    )
    readonly_fields = fields

    @admin.display(description="detail")
    def told(self, entry: AuditEntry) -> str:
        return json.dumps(entry.detail, indent=2, ensure_ascii=False, sort_keys=True)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
