from django.urls import path

from ocr.api import JobEvidenceView, JobListView, JobReprocessView, JobView

urlpatterns = [
    path("invoices/ocr", JobListView.as_view(), name="ocr-jobs"),
    path("invoices/ocr/<uuid:pk>", JobView.as_view(), name="ocr-job"),
    path("invoices/ocr/<uuid:pk>/evidence", JobEvidenceView.as_view(), name="ocr-job-evidence"),
    path("invoices/ocr/<uuid:pk>/reprocess", JobReprocessView.as_view(), name="ocr-job-reprocess"),
]
