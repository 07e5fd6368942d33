from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config.health import healthz, readyz

urlpatterns = [
    path("v2/", include("ocr.urls")),
    path("v2/", include("transfers.urls")),
    path("v2/", include("invoices.urls")),
    path("v2/", include("counterparties.urls")),
    path("v2/", include("customers.urls")),
    path("v2/schema", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="schema"),
    path(
        "v2/docs",
        SpectacularSwaggerView.as_view(url_name="schema", authentication_classes=[], permission_classes=[]),
        name="docs",
    ),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
]

handler400 = "config.api.errors.bad_request"
handler404 = "config.api.errors.page_not_found"
handler500 = "config.api.errors.server_error"

admin.site.site_header = "Paydraft"
admin.site.site_title = "Paydraft"
admin.site.index_title = "Back office"
