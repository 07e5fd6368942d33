"""What is done to several jobs at once from a list; each action tells to how many, and why not to the others."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from counterparties.bank_changes import ChangeRefused
from ocr.approval import NotReviewable, ReviewEnded, approve, open_job
from ocr.back_office.reprocessing import handed_on, process_again
from ocr.changed_accounts import ask_for_read_account
from ocr.models import OcrJob
from ocr.new_payees import EnteredByApprover
from ocr.review_queue import assign
from ocr.versions import ChangedMeanwhile, Version, version_of
from transfers.finalizing import FinalizeBlocked


def _people() -> list[tuple[str, str]]:
    people = get_user_model()._default_manager.filter(is_active=True, is_staff=True).order_by("username")
    return [("", "nobody"), *((person.get_username(), person.get_username()) for person in people)]


class JobActionForm(ActionForm):
    """The bar above a list of jobs, with the person whom `Assign` is for."""

    assignee = forms.ChoiceField(label="for", choices=_people, required=False)


class JobActions(admin.ModelAdmin):  # type: ignore[type-arg]
    """The actions that both lists of jobs offer."""

    actions = ["approve_clear", "assign_to", "process_again", "ask_for_account"]
    action_form = JobActionForm

    def has_ask_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("counterparties.add_bankdetailschange")

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ocr.approve_ocrjob")

    @admin.action(description="Approve those that nothing blocks", permissions=["approve"])
    def approve_clear(self, request: HttpRequest, queryset: QuerySet[OcrJob]) -> None:
        approved, left = 0, Counter[str]()
        for job in _jobs(queryset):
            reason = _why_not_approved(job, by=request.user.get_username())
            if reason:
                left[reason] += 1
                continue
            approved += 1
            self._note(request, OcrJob.objects.filter(pk=job.pk), "Approved.")
        if approved:
            self.message_user(request, f"{approved} approved; the transfers are pending.", messages.SUCCESS)
        if left:
            told = "; ".join(f"{count}: {reason}" for reason, count in left.most_common())
            self.message_user(request, f"{left.total()} left alone: {told}.", messages.WARNING)

    @admin.action(description="Assign (choose for whom)", permissions=["change"])
    def assign_to(self, request: HttpRequest, queryset: QuerySet[OcrJob]) -> None:
        assignee = request.POST.get("assignee", "")  # one of the list: the form of the actions has checked it
        count = assign(jobs=_jobs(queryset), to=assignee)
        self._note(request, _jobs(queryset), f"Assigned to {assignee or 'nobody'}.")
        told = f"{count} jobs are {assignee}'s now." if assignee else f"{count} jobs are nobody's now."
        self.message_user(request, told, messages.SUCCESS)

    @admin.action(description="Process again …", permissions=["change"])
    def process_again(self, request: HttpRequest, queryset: QuerySet[OcrJob]) -> HttpResponse | None:
        chosen = handed_on(request)
        jobs = _jobs(queryset) if chosen is None else OcrJob.objects.filter(pk__in=chosen).order_by("created_at", "id")
        if chosen is not None:
            request.action_rows = [str(pk) for pk in chosen]  # type: ignore[attr-defined]  # for the audit trail
        if "confirmed" in request.POST:
            self._note(request, jobs, "Asked to process again.")
        return process_again(self, request, jobs)

    @admin.action(description="Ask for the changed bank account", permissions=["ask"])
    def ask_for_account(self, request: HttpRequest, queryset: QuerySet[OcrJob]) -> None:
        self.ask_for_accounts(request, _jobs(queryset))

    def ask_for_accounts(self, request: HttpRequest, jobs: Iterable[OcrJob], *, seen: Version | None = None) -> None:
        """Asks for the account on each document whose review is open; of one job, as it was `seen`. Raises
        PermissionDenied."""
        if not self.has_ask_permission(request):
            raise PermissionDenied
        for job in jobs:
            try:
                with transaction.atomic():
                    open_job(job_id=job.pk, seen=seen or version_of(job))
                    change = ask_for_read_account(job=job, by=request.user.get_username(), now=timezone.now())
            except (ChangeRefused, ChangedMeanwhile, NotReviewable, ReviewEnded) as refused:
                messages.error(request, str(refused))
                continue
            link = reverse("admin:counterparties_bankdetailschange_change", args=[change.pk])
            waits = format_html('<a href="{}">{}</a> waits for a second person to confirm it.', link, change.iban)
            messages.success(request, waits)

    def _note(self, request: HttpRequest, jobs: QuerySet[OcrJob], told: str) -> None:
        """Each job's history in the admin says what was done to it from a list, and by whom."""
        LogEntry.objects.log_actions(int(request.user.pk or 0), jobs, CHANGE, change_message=told)


def _jobs(queryset: QuerySet[Any]) -> QuerySet[OcrJob]:
    """The chosen rows as jobs: the queue's rows are jobs under another name."""
    return OcrJob.objects.filter(pk__in=list(queryset.values_list("pk", flat=True))).order_by("created_at", "id")


def _why_not_approved(job: OcrJob, *, by: str) -> str:
    """Empty once the job is approved; else why it was left alone, in words that are the same for the same reason."""
    try:
        approve(job_id=job.pk, seen=version_of(job), by=by, now=timezone.now())
    except FinalizeBlocked as blocked:
        return f"blocked by {', '.join(blocked.blockers)}"
    except ReviewEnded:
        return "decided before"
    except ChangedMeanwhile:
        return "somebody changed it just now"
    except (EnteredByApprover, NotReviewable) as error:
        return str(error).rstrip(".")
    return ""
