from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config.health.probes import healthz, readyz
from config.observing.exposition import metrics

urlpatterns = [
    path("v2/", include("ocr.urls")),
    path("v2/", include("transfers.urls")),
    path("v2/", include("invoices.urls")),
    path("v2/", include("counterparties.urls")),
    path("v2/", include("customers.urls")),
    path("v2/schema", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="schema"),
    path(
        "v2/docs",
        SpectacularSwaggerSplitView.as_view(
            url_name="schema", template_name="api_docs.html", authentication_classes=[], permission_classes=[]
        ),
        name="docs",
    ),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
]

handler400 = "config.api.errors.bad_request"
handler404 = "config.api.errors.page_not_found"
handler500 = "config.api.errors.server_error"
