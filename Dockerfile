# One image for the web, the worker, beat and the migrations; docker-compose.yml tells them apart by command.
FROM python:3.12-slim AS packages

# Every package of the lock has a wheel for this image; a source build would need compilers, so it is refused.
# The lock of the service with what sends traces, which stays quiet until it is told where to (OTEL_EXPORTER_OTLP_ENDPOINT).
COPY requirements-telemetry.lock /tmp/requirements.lock
RUN python -m venv /opt/paydraft \
 && /opt/paydraft/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r /tmp/requirements.lock


FROM python:3.12-slim

ENV PATH=/opt/paydraft/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 \
    PAYDRAFT_DATA_DIR=/data \
    BIND=0.0.0.0:8000

RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin paydraft \
 && install -d -o paydraft -g paydraft -m 0700 /data
COPY --from=packages /opt/paydraft /opt/paydraft

WORKDIR /srv/paydraft
COPY . .

# Two checks that fail the build instead of the first invoice: the OCR models are in the image and load without a
# network, and the static files of the back office are complete. What they leave in /data is no part of the image.
RUN python -c 'from ocr.reading.engines.rapidocr_engine import RapidOcrEngine; print(RapidOcrEngine().version)' \
 && PAYDRAFT_DATA_DIR=/tmp/build python manage.py collectstatic --noinput \
 && rm -rf /tmp/build

USER paydraft
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

CMD ["gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
