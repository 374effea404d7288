# The service in two stages: the first builds the wheel, pages included; the second holds what runs.
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
RUN pip install --no-cache-dir build==1.2.2.post1
COPY . .
RUN python -m build --wheel --outdir /wheels \
 && python -m venv /opt/planimeter \
 && /opt/planimeter/bin/pip install --no-cache-dir /wheels/*.whl

FROM python:3.11-slim-bookworm
# libgomp: ONNX Runtime's threads.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /var/lib/planimeter planimeter
COPY --from=build /opt/planimeter /opt/planimeter
ENV PATH=/opt/planimeter/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PLANIMETER_HOST=0.0.0.0 \
    PLANIMETER_PORT=8000 \
    PLANIMETER_DATA_DIR=/var/lib/planimeter/data
USER planimeter
WORKDIR /var/lib/planimeter
# Made here, so that a new named volume belongs to the user that the service runs as.
RUN mkdir data
VOLUME /var/lib/planimeter/data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PLANIMETER_PORT\"]}/healthz', timeout=4)"]
CMD ["planimeter", "serve"]
