"""The WSGI entry for gunicorn: `gunicorn config.wsgi -c config/gunicorn.py`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.exit(f"{error} Settings come from the environment or .env (.env.example explains them).")
