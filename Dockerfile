# escscaffold without Terraform: `check` then skips `terraform fmt` and `terraform validate`, and says so.
# docker run --rm -it --user "$(id -u):$(id -g)" -v "$PWD:/work" escscaffold check
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/escscaffold && /opt/escscaffold/bin/pip install --no-cache-dir '.[netbox]'

FROM python:3.13-slim-bookworm
# `review` reads the history of a mounted repository, which belongs to another user than the container's.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /work \
    && useradd --create-home --uid 10001 escscaffold
COPY --from=build /opt/escscaffold /opt/escscaffold
ENV PATH=/opt/escscaffold/bin:$PATH
USER 10001
WORKDIR /work
ENTRYPOINT ["escscaffold"]
CMD ["--help"]
