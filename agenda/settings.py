"""Django settings: one file, every value from the environment (docs/reference/settings.md lists them).

AGENDA_MODE says where we are: "demo" (samples, data under var/demo), "diary" (a real diary on the embedded set-up,
data under var/diary) or "production" (everything named explicitly; refuses to start where something is missing).
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from agenda.environment import (
    SettingError,
    at_least,
    flag,
    https_address,
    integer,
    mail_server,
    required,
    socket_path,
    strong_secret,
    tcp_port,
    text,
    words,
    writable_folder,
)
from agenda.signin.provider import provider_from_environment

BASE_DIR = Path(__file__).resolve().parent.parent

AGENDA_MODE = text("AGENDA_MODE", "diary")
if AGENDA_MODE not in {"demo", "diary", "production"}:
    raise SettingError(f"AGENDA_MODE is “{AGENDA_MODE}”. Use demo, diary or production.")
IN_PRODUCTION = AGENDA_MODE == "production"
AGENDA_DEMO = AGENDA_MODE == "demo"
AGENDA_DATA = Path(text("AGENDA_DATA", str(BASE_DIR / "var" / AGENDA_MODE))).resolve()
AGENDA_BASE_URL = text("AGENDA_BASE_URL", f"http://127.0.0.1:{tcp_port('PORT', 8000)}").rstrip("/")
AGENDA_DOMAIN = text("AGENDA_DOMAIN", "agenda.localhost")

DEBUG = False


def _secret_key() -> str:
    if IN_PRODUCTION:
        how = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        return strong_secret("SECRET_KEY", how)
    if text("SECRET_KEY"):
        return text("SECRET_KEY")
    kept = writable_folder(AGENDA_DATA, "AGENDA_DATA") / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return kept.read_text(encoding="ascii").strip()


SECRET_KEY = _secret_key()
# Keys before this one: what they signed and sealed can still be read, and is sealed anew with this one when it is kept.
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = words("ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]", "testserver"]
if IN_PRODUCTION:
    required("ALLOWED_HOSTS", "Name the hosts the diary answers to, with commas: diary.example.org")
    required("DATABASE_URL", "Example: postgres://agenda:password@127.0.0.1/agenda")
    required("REDIS_URL", "Example: redis://127.0.0.1:6379")
    required("AGENDA_DOMAIN", "It ends every calendar identifier and must never change: diary.example.org")
    https_address("AGENDA_BASE_URL", "Give the address readers see: https://diary.example.org")

INSTALLED_APPS = [
    "diplomacy.apps.DiplomacyConfig",
    "agenda.apps.AgendaConfig",
    "agenda.desk.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "agenda.feeds.middleware.CalendarsFirst",
    "csp.middleware.CSPMiddleware",
    "agenda.pages.language.PublicWithoutCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "agenda.pages.language.LanguageMiddleware",
    "agenda.api.rates.RateHeaders",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "agenda.urls"
WSGI_APPLICATION = "agenda.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "agenda.pages.context.diary",
            ],
        },
    }
]

# SQLite takes the write lock at BEGIN (IMMEDIATE): with it four processes wrote without one "locked" error. Never
# set ATOMIC_REQUESTS with it: every page view would take the lock.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; "
        "PRAGMA foreign_keys=ON; PRAGMA cache_size=-20000;"
    ),
}


def _database() -> dict[str, Any]:
    if text("DATABASE_URL"):
        try:
            found: dict[str, Any] = dict(
                dj_database_url.parse(text("DATABASE_URL"), conn_max_age=60, conn_health_checks=True)
            )
        except ValueError as error:
            raise SettingError("DATABASE_URL cannot be read. Write: postgres://user:password@host/name") from error
        if found["ENGINE"].endswith("postgresql"):
            # Compiling a query takes PostgreSQL longer than ours take to run: 450 ms of 550 were seen.
            found["OPTIONS"] = {"options": "-c jit=off", **found.get("OPTIONS", {})}
        return found
    writable_folder(AGENDA_DATA, "AGENDA_DATA")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(AGENDA_DATA / "agenda.sqlite3"),
        "OPTIONS": SQLITE_OPTIONS,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis or Valkey. The embedded one (agenda.stack) hands its socket over in REDIS_SOCKET.
# Commands beside a running ./run find its socket by themselves.
_kept = socket_path(AGENDA_DATA)
_socket = text("REDIS_SOCKET") or (str(_kept) if not text("REDIS_URL") and _kept.exists() else "")
_redis = text("REDIS_URL", "redis://127.0.0.1:6379").rstrip("/")
CELERY_BROKER_URL = f"redis+socket://{_socket}?virtual_host=0" if _socket else f"{_redis}/0"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"unix://{_socket}?db=1" if _socket else f"{_redis}/1",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than the longest task, or tasks run twice; the restore settings make kombu look for lost tasks every 5 s.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
# What goes out has a queue, and in `./run` a worker, of its own, so that a thousand slow targets keep no text from
# being read. A worker that is told of no queue turns from one to the other.
CELERY_TASK_QUEUES = (Queue("celery"), Queue("outbox"), Queue("delivery"))
CELERY_TASK_ROUTES = {
    "agenda.webhooks.tasks.dispatch": {"queue": "outbox"},
    "agenda.webhooks.tasks.deliver": {"queue": "delivery"},
    "agenda.alerts.tasks.dispatch_alerts": {"queue": "outbox"},
    "agenda.alerts.tasks.send_alert": {"queue": "delivery"},
    "agenda.alerts.tasks.send_question": {"queue": "delivery"},
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "diplomacy.communiques.tasks.sweep", "schedule": 15.0, "options": {"expires": 15.0}},
    "sources": {"task": "diplomacy.communiques.tasks.poll_sources", "schedule": 15.0, "options": {"expires": 15.0}},
    "alarms": {"task": "diplomacy.communiques.tasks.watch_sources", "schedule": 300.0, "options": {"expires": 300.0}},
    "release": {"task": "diplomacy.visits.tasks.release_due", "schedule": 15.0, "options": {"expires": 15.0}},
    "coverage": {"task": "agenda.coverage.tasks.notify", "schedule": 60.0, "options": {"expires": 60.0}},
    "webhooks": {"task": "agenda.webhooks.tasks.dispatch", "schedule": 15.0, "options": {"expires": 15.0}},
    "alerts": {"task": "agenda.alerts.tasks.dispatch_alerts", "schedule": 15.0, "options": {"expires": 15.0}},
    "old-alerts": {"task": "agenda.alerts.tasks.sweep_alerts", "schedule": 86400.0, "options": {"expires": 3600.0}},
    "old-events": {"task": "agenda.webhooks.tasks.sweep_events", "schedule": 86400.0, "options": {"expires": 3600.0}},
    "disputes": {"task": "diplomacy.communiques.tasks.mark_due", "schedule": 60.0, "options": {"expires": 60.0}},
    "old-answers": {"task": "agenda.api.tasks.sweep_answers", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "old-calendars": {"task": "agenda.feeds.tasks.sweep_copies", "schedule": 86400.0, "options": {"expires": 3600.0}},
}
# The name by which our own mail server signs its Authentication-Results; without one no sender is ever proven.
AGENDA_MAIL_SERVER = text("AGENDA_MAIL_SERVER")
# Our mails go out by it, where it is named: smtps://user:password@host or smtp://host (STARTTLS where a user is named).
AGENDA_SMTP = text("AGENDA_SMTP")
_smtp = mail_server("AGENDA_SMTP")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if AGENDA_SMTP else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_USE_SSL = _smtp.host, _smtp.port, _smtp.is_tls
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _smtp.user, _smtp.password
EMAIL_USE_TLS = bool(_smtp.user) and not _smtp.is_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = text("AGENDA_MAIL_FROM", f"agenda@{AGENDA_DOMAIN}")
# What sources may publish by themselves where their rule says so; off, no rule does anything.
AGENDA_AUTO_PUBLISH = flag("AGENDA_AUTO_PUBLISH")
# Whoever accepts a proposal may not be the one who publishes it; a source can want it by itself.
AGENDA_SECOND_EYES = flag("AGENDA_SECOND_EYES")
# Hours before an accreditation ends at which whoever is sent there is reminded.
AGENDA_ACCREDITATION_LEAD = integer("AGENDA_ACCREDITATION_LEAD", 48)
# Watched folders lie in it, each by its name.
AGENDA_INBOX = Path(text("AGENDA_INBOX") or AGENDA_DATA / "inbox")
# Where nginx may take calendars from by itself (X-Accel-Redirect): the location of AGENDA_DATA/feeds there.
AGENDA_ACCEL = text("AGENDA_ACCEL")
AGENDA_CALDAV = flag("AGENDA_CALDAV")
# Who shows it may read /metrics; without one there is no such page.
AGENDA_METRICS_TOKEN = text("AGENDA_METRICS_TOKEN")

# A second reading by a language model: off unless a server is named. The deadline stays below the tasks' time limit.
SECOND_OPINION_URL = text("SECOND_OPINION_URL")
SECOND_OPINION_MODEL = text("SECOND_OPINION_MODEL")
SECOND_OPINION_KEY = text("SECOND_OPINION_KEY")
SECOND_OPINION_CONNECT_TIMEOUT = integer("SECOND_OPINION_CONNECT_TIMEOUT", 5)
SECOND_OPINION_READ_TIMEOUT = integer("SECOND_OPINION_READ_TIMEOUT", 60)
SECOND_OPINION_DEADLINE = integer("SECOND_OPINION_DEADLINE", 120)
if SECOND_OPINION_URL:
    required("SECOND_OPINION_MODEL", "Name the model that the server of SECOND_OPINION_URL is to be asked for.")
    if not SECOND_OPINION_URL.startswith(("https://", "http://")):
        raise SettingError(f"SECOND_OPINION_URL is “{SECOND_OPINION_URL}”. Use https://host/v1.")
    if not 1 <= SECOND_OPINION_DEADLINE <= 200:
        raise SettingError(f"SECOND_OPINION_DEADLINE is {SECOND_OPINION_DEADLINE}. Use 1 to 200 seconds.")

AUTH_USER_MODEL = "diplomacy.User"
AUTHENTICATION_BACKENDS = ["diplomacy.accounts.backend.PasswordBackend", "diplomacy.accounts.backend.RoleBackend"]
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
AUTH_PASSWORD_VALIDATORS.append(
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": at_least("AGENDA_PASSWORD_LENGTH", 12, least=8)},
    }
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
SESSION_COOKIE_AGE = at_least("AGENDA_SESSION_HOURS", 14 * 24, least=1) * 3600

# Signing in (agenda.signin). Nobody signs up: an administrator makes accounts, or the organisation's provider does.
ACCOUNT_ADAPTER = "agenda.signin.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "agenda.signin.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator or the provider gives the address
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IN_PRODUCTION else "http"
ACCOUNT_EMAIL_NOTIFICATIONS = bool(AGENDA_SMTP)
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Ten wrong passwords a minute from one address, five in five minutes for one account; then the account waits.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key"}
AGENDA_OIDC = provider_from_environment(in_production=IN_PRODUCTION)
SOCIALACCOUNT_ADAPTER = "agenda.signin.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [AGENDA_OIDC.as_app()] if AGENDA_OIDC else []}}
MFA_ADAPTER = "agenda.signin.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Agenda"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IN_PRODUCTION

LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LANGUAGE_CODE = text("AGENDA_LANGUAGE", "fr")
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise SettingError(f"AGENDA_LANGUAGE is “{LANGUAGE_CODE}”. Use one of: {', '.join(dict(LANGUAGES))}.")
FORMAT_MODULE_PATH = "agenda.entries.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = writable_folder(AGENDA_DATA / "static", "AGENDA_DATA")
STATICFILES_DIRS = [BASE_DIR / "agenda" / "static"]
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
WHITENOISE_AUTOREFRESH = False
_static = "CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": f"whitenoise.storage.{_static}"
        if IN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF, *(AGENDA_OIDC.origins if AGENDA_OIDC else ())],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IN_PRODUCTION
# Our own proxy says by which scheme and from where it was asked.
AGENDA_BEHIND_PROXY = flag("AGENDA_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if AGENDA_BEHIND_PROXY else None
# How many proxies add to X-Forwarded-For: attempts are counted by the address that the last of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if AGENDA_BEHIND_PROXY else 0
SECURE_HSTS_SECONDS = 31_536_000 if IN_PRODUCTION else 0
CSRF_TRUSTED_ORIGINS = [AGENDA_BASE_URL] if AGENDA_BASE_URL.startswith("https://") else []
X_FRAME_OPTIONS = "DENY"

# A pasted text and its form; files are capped by intake itself.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

# Requests a minute by the API: of a token, of an address that shows none, of a user's texts that are only read; 0: all.
AGENDA_RATE_TOKEN = integer("AGENDA_RATE_TOKEN", 600)
AGENDA_RATE_ADDRESS = integer("AGENDA_RATE_ADDRESS", 600)
AGENDA_RATE_PARSE = integer("AGENDA_RATE_PARSE", 30)
# How often an hour somebody without an account may ask, from one network address, to be told by mail; 0: any number.
AGENDA_RATE_ALERTS = integer("AGENDA_RATE_ALERTS", 10)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "agenda.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_THROTTLE_CLASSES": ["agenda.api.rates.Rate"],
    "DEFAULT_PARSER_CLASSES": ["agenda.api.parsers.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "agenda.api.schema.Schema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
}
_PROBLEM = "agenda.api.problems.ProblemSerializer"
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "agenda.api.problems.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "agenda.api.problems.ProblemFormatter",
    "ERROR_SCHEMAS": dict.fromkeys((400, 401, 403, 404, 405, 406, 409, 413, 415, 429, 500), _PROBLEM),
}
# Its only table would be that of the token which ours replaces.
MIGRATION_MODULES = {"knox": None}
KNOX_TOKEN_MODEL = "agenda.ApiToken"  # noqa: S105  a model
REST_KNOX = {
    "AUTO_REFRESH": False,
    "TOKEN_TTL": None,
    "TOKEN_PREFIX": "agenda_",
    "TOKEN_MODEL": KNOX_TOKEN_MODEL,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Agenda (demonstration)" if AGENDA_DEMO else "Agenda",
    "DESCRIPTION": "The diplomatic diary: official visits and their programmes.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "VisitKind": "agenda.api.drafts.VISIT_KIND_VALUES",
        "ItemKind": "agenda.api.drafts.ITEM_KIND_VALUES",
        "VisitStatus": "agenda.api.drafts.VISIT_STATUS_VALUES",
        "ItemStatus": "agenda.api.drafts.ITEM_STATUS_VALUES",
        "ProposalKind": "agenda.api.proposals.KINDS",
        "ProposalState": "agenda.api.proposals.STATES",
        "CommuniqueState": "agenda.api.submitting.STATES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "agenda.api.schema.only_ids_are_certain",
        "agenda.api.reading_schema.add_reading",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "filters": {"hide_tokens": {"()": "agenda.feeds.privacy.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide_tokens"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}},
}
