"""The addresses of the review page, below those of the job in the admin."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from ocr.back_office import books, decisions, saving
from ocr.back_office.page_pictures import page_image
from ocr.back_office.presence import looking
from ocr.back_office.requests import may_look, refusal
from ocr.back_office.review_page import review_page
from ocr.back_office.validation import check_value
from ocr.back_office.words import page_words

_JSON: dict[str, Callable[..., Any]] = {
    "check": check_value,
    "correct": saving.correct,
    "payee": saving.choose_payee,
    "again": saving.again,
    "state": saving.state,
    "approve": decisions.approve,
    "reject": decisions.reject,
    "settle": decisions.settle,
    "skip": decisions.skip,
    "looking": looking,
    "search": books.search,
    "create": books.create,
    "account": books.account,
}


def review_urls(site: AdminSite) -> list[URLPattern]:
    """All of them; put them before the admin's own, which take any path for an id."""
    job = "<uuid:job_id>/review/"
    return [
        path("review/next/", site.admin_view(_looked_at(decisions.first)), name="ocr_ocrjob_next"),
        path(job, site.admin_view(partial(review_page, site=site)), name="ocr_ocrjob_review"),
        path(f"{job}pages/<int:number>/image", _data(site, page_image), name="ocr_ocrjob_page_image"),
        path(f"{job}pages/<int:number>/words", _data(site, page_words), name="ocr_ocrjob_page_words"),
        *(path(f"{job}{name}", _data(site, view), name=f"ocr_ocrjob_{name}") for name, view in _JSON.items()),
    ]


def _data(site: AdminSite, view: Callable[..., Any]) -> Callable[..., Any]:
    """As the admin's own pages; a script whose session has ended is told so instead of being sent a login form."""
    guarded = site.admin_view(view, cacheable=view is page_image)

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not site.has_permission(request):
            return refusal(401, "signed_out", "Your session has ended; sign in again in another tab, then repeat this.")
        return guarded(request, *args, **kwargs)

    # admin_view protects against forged requests by a decorator that its wrapper carries.
    return answered


def _looked_at(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        return view(request) if may_look(request) else refusal(403, "forbidden", "You may not view jobs.")

    return checked
