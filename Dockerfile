# One image for web, worker and beat; docker-compose.yml says which of them a container is.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    JUDGEBOARD_MODE=production JUDGEBOARD_VAR=/var/lib/judgeboard
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin judgeboard \
    && install --directory --owner judgeboard --mode 0700 /var/lib/judgeboard
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
# Collecting static files reads the settings but uses none of these values, and nothing of them stays in the image.
RUN SECRET_KEY=unused SEAL_KEYS=unused ALLOWED_HOSTS=unused REDIS_URL=redis://unused DATABASE_URL=sqlite:////tmp/unused \
    JUDGEBOARD_VAR=/tmp/unused-var python manage.py collectstatic --no-input --verbosity 0 && rm -rf /tmp/unused*
USER judgeboard
EXPOSE 8000
CMD ["gunicorn", "judgeboard.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--max-requests", "10000", "--max-requests-jitter", "1000", "--access-logfile", "-"]
