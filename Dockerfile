# The program with all that it needs, to be run on a repository that is mounted read-only:
#   docker build -t auditor .                                    from a clone of auditor
#   docker run --rm -v "$PWD":/repo:ro auditor check             in a group's repository
FROM python:3.12-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends git=1:2.39.* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home auditor

WORKDIR /opt/auditor
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY auditor auditor
COPY rules rules
COPY fixtures/projects fixtures/projects
RUN pip install --no-cache-dir --constraint constraints.txt .

USER 10001
WORKDIR /repo
ENTRYPOINT ["auditor"]
CMD ["check"]
