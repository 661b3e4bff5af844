"""agenda.settings with test values. Services come from the environment (see ./test): SQLite unless DATABASE_URL is
set, and no broker unless REDIS_SOCKET or REDIS_URL is."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("AGENDA_MODE", "diary")
if "AGENDA_DATA" not in os.environ:
    os.environ["AGENDA_DATA"] = tempfile.mkdtemp(prefix="agenda-test-")
    atexit.register(shutil.rmtree, os.environ["AGENDA_DATA"], ignore_errors=True)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs beside the ORM

from agenda.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405  a kept connection would hold the test database open
AGENDA_DOMAIN = "diary.test"
AGENDA_BASE_URL = "http://diary.test"
WHITENOISE_AUTOREFRESH = True
AGENDA_RATE_TOKEN = AGENDA_RATE_ADDRESS = AGENDA_RATE_PARSE = 0
AGENDA_RATE_ALERTS = 0  # a run asks oftener than anybody; tests of it set them
if not (os.environ.get("REDIS_SOCKET") or os.environ.get("REDIS_URL")):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CELERY_BROKER_URL = "memory://"
