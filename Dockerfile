# Two stages, so that the image has no installer cache; nothing in it needs to be written to.
ARG PYTHON=3.13-slim

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes -r requirements.txt
COPY . /app
WORKDIR /app
# DEBUG only to collect the static files: the real settings come when it runs.
RUN DEBUG=true /venv/bin/python manage.py collectstatic --noinput \
    && /venv/bin/python -m compileall -q /app

FROM python:${PYTHON}
RUN useradd --system --uid 10001 --no-create-home app
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0:8000
EXPOSE 8000
# Ends on SIGTERM within 30 seconds, with what is in hand answered.
CMD ["gunicorn", "config.wsgi", "-c", "config/gunicorn.py"]
