# Footnote in a container: `footnote serve` on port 8000, as a user without rights.
#
#   docker build -t footnote .
#   docker build -t footnote --build-arg EXTRAS=local-llm .      optional extras, comma-separated
#   docker build -t footnote --build-arg BASE_IMAGE=<image> .    any base with python3 >= 3.11 and its venv
#
# Needs BuildKit: the default since Docker 23; with an older one set DOCKER_BUILDKIT=1.
#
# Where pip needs a configuration of its own (a mirror, a private certificate), hand it in as secrets;
# neither stays in the image. The certificate appears as /run/secrets/pip_cert, so pip.conf says
# `cert = /run/secrets/pip_cert`:
#
#   docker build -t footnote --secret id=pip_conf,src=pip.conf --secret id=pip_cert,src=ca.pem .

ARG BASE_IMAGE=python:3.11-slim

FROM ${BASE_IMAGE} AS dependencies
ARG EXTRAS=""
RUN python3 -m venv /opt/footnote
ENV PATH=/opt/footnote/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY pyproject.toml constraints.txt ./
# An empty package in place of the code, so that a change of the code installs nothing again.
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    --mount=type=secret,id=pip_cert \
    --mount=type=cache,target=/root/.cache/pip \
    mkdir -p src/footnote && touch README.md src/footnote/__init__.py \
    && pip install -c constraints.txt ".${EXTRAS:+[$EXTRAS]}"

FROM dependencies AS code
COPY README.md ./
COPY app app
COPY ingest ingest
# Holds links to both; the wheel has them below one import name.
COPY src src
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    --mount=type=secret,id=pip_cert \
    --mount=type=cache,target=/root/.cache/pip \
    pip wheel -c constraints.txt --no-deps --wheel-dir /wheel .

FROM ${BASE_IMAGE}
ARG EXTRAS=""
# Named volumes on /index and /published take their owner from here.
RUN groupadd --gid 10001 footnote \
    && useradd --uid 10001 --gid footnote --no-create-home --home-dir /tmp --shell /usr/sbin/nologin footnote \
    && install --directory --owner footnote --group footnote /index /published \
    && install --directory /docs
# For docs in a Git repository; slim bases lack all three.
RUN command -v git > /dev/null && command -v ssh > /dev/null \
    || { apt-get update && apt-get install -y --no-install-recommends git openssh-client ca-certificates \
        && apt-get clean && rm -rf /var/lib/apt/lists/*; }
# llama.cpp's wheel lacks the OpenMP library, and so do slim bases.
RUN case ",$EXTRAS," in *,local-llm,*) \
        ldconfig -p | grep -q libgomp.so.1 \
        || { apt-get update && apt-get install -y --no-install-recommends libgomp1 && apt-get clean && rm -rf /var/lib/apt/lists/*; } ;; \
    esac
COPY --from=dependencies /opt/footnote /opt/footnote
RUN --mount=type=bind,from=code,source=/wheel,target=/wheel \
    /opt/footnote/bin/pip install --no-index --no-deps --no-cache-dir --force-reinstall /wheel/*.whl
ENV PATH=/opt/footnote/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    ORT_DISABLE_TELEMETRY=1 \
    FOOTNOTE_HOST=0.0.0.0 \
    FOOTNOTE_DOCS_DIR=/docs \
    FOOTNOTE_INDEX_DIR=/index
USER 10001:10001
EXPOSE 8000
# Healthy means ready: models and index are loaded. http.client, since urllib would obey HTTP_PROXY.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", "\
import http.client, os, sys; \
service = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('FOOTNOTE_PORT', 8000)), timeout=4); \
service.request('GET', '/health/ready'); \
sys.exit(service.getresponse().status != 200)"]
ENTRYPOINT ["footnote"]
CMD ["serve"]
