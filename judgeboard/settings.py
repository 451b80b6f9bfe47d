"""One file, in the order in which a request meets it. What differs between machines comes from the environment.

Two modes. `embedded` (the default) needs nothing: SQLite and a queue of files under `var/`, secrets made on first use.
`production` (JUDGEBOARD_MODE=production) refuses to start half-configured.
"""

from pathlib import Path

import dj_database_url
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from judgeboard.env import env_bool, env_dollars, env_int, env_list, env_str, kept_secret, require_for_production

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_str("JUDGEBOARD_VAR") or BASE_DIR / "var")

MODE = env_str("JUDGEBOARD_MODE", "embedded")
if MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured(f"JUDGEBOARD_MODE is {MODE!r}; expected embedded or production.")
PRODUCTION = MODE == "production"
DATABASE_URL = env_str("DATABASE_URL")
REDIS_URL = env_str("REDIS_URL")
SECRET_KEY = env_str("SECRET_KEY")
SEAL_KEYS = env_list("SEAL_KEYS")  # Fernet keys, newest first; the older ones still open what they sealed
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")
if PRODUCTION:
    require_for_production(
        SECRET_KEY=SECRET_KEY,
        ALLOWED_HOSTS=ALLOWED_HOSTS,
        DATABASE_URL=DATABASE_URL,
        REDIS_URL=REDIS_URL,
        SEAL_KEYS=SEAL_KEYS,
    )
SECRET_KEY = SECRET_KEY or kept_secret(VAR_DIR / "secret.key")
SEAL_KEYS = SEAL_KEYS or [kept_secret(VAR_DIR / "seal.key", make=lambda: Fernet.generate_key().decode())]
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
DEBUG = env_bool("DEBUG", False)

# --- the way in -----------------------------------------------------------------------------------------------------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY", False) else None
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
X_FRAME_OPTIONS = "DENY"
# Who may show a board's table in a frame; all other pages: nobody.
FRAME_ANCESTORS = env_list("FRAME_ANCESTORS") or ["*"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: prompts may carry their images themselves
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # above GZip: its files are compressed once, when collected
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "judgeboard.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "judgeboard.urls"
WSGI_APPLICATION = "judgeboard.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "apps.budgets",
    "apps.prompts",
    "apps.endpoints",
    "apps.contenders",
    "apps.matches",
    "apps.judging",
    "apps.humans",
    "apps.ratings",
    "apps.runs",
    "apps.exchange",
    "apps.board",
    "apps.api",
    "workers",
]

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "board:home"

# --- what is remembered ---------------------------------------------------------------------------------------------
DATABASES = {"default": dj_database_url.parse(DATABASE_URL or f"sqlite:///{VAR_DIR / 'judgeboard.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Without these, half of all read-then-write transactions fail when two processes write: WAL lets readers go on
    # beside a writer, IMMEDIATE takes the write lock before the first read, and a writer waits for its turn.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=30000;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    # Seconds after which a server that says nothing counts as away; by itself that would take minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- what is shown --------------------------------------------------------------------------------------------------
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
            ],
        },
    }
]
# Pages that were made (apps.board.kept), in each process by itself: quicker than asking Redis, and there without it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 200},  # of some 50 kB
    }
}
STATIC_URL = "/static/"
STATIC_ROOT = (BASE_DIR if PRODUCTION else VAR_DIR) / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION  # embedded mode needs no collectstatic
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
if PRODUCTION:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "judgeboard.formats"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 31_536_000  # a year
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
TIME_ZONE = "UTC"
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# --- who speaks to models -------------------------------------------------------------------------------------------
# Addresses that may be called though they are not public, e.g. "127.0.0.1/32" for a model on the same machine.
ALLOWED_NETWORKS = env_list("ALLOWED_NETWORKS")
JUDGE_LEAST_HUMAN_ELO = env_int("JUDGE_LEAST_HUMAN_ELO", 1150, least=0)  # of a judge's own human rating, to judge by it
# What all runs of one account that is no maintainer's may be given in 24 hours; None: any number.
VISITOR_DOLLARS_A_DAY = env_dollars("VISITOR_DOLLARS_A_DAY")
CALL_DEADLINE = env_int("CALL_DEADLINE", 120, least=1)  # seconds at most for one call to a model, all told
# A worker renews its leases every LEASE_HEARTBEAT; a killed worker's rows are free again LEASE_SECONDS later.
LEASE_SECONDS = env_int("LEASE_SECONDS", 30, least=3)
LEASE_HEARTBEAT = env_int("LEASE_HEARTBEAT", 5, least=1)
# A row that outlived so many workers in a row is failed: it may be what kills them.
MOST_LOST_LEASES = env_int("MOST_LOST_LEASES", 10, least=2)
DRAIN_SLICE = env_int(
    "DRAIN_SLICE", 20, least=1
)  # seconds after which a drain claims no more and lets others have a turn

# --- who rings the bell ---------------------------------------------------------------------------------------------
QUEUE_DIR = VAR_DIR / "queue"
VISIBILITY_TIMEOUT = 3600
TASK_TIME_LIMIT = env_int("TASK_TIME_LIMIT", 600, least=1)
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "visibility_timeout": VISIBILITY_TIMEOUT,
        "socket_timeout": 30,
        "socket_keepalive": True,
    }
else:
    for folder in ("messages", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.2,
    }

CELERY_TASK_DEFAULT_QUEUE = "drain"
CELERY_TASK_ROUTES = {
    "tick": {"queue": "tick"},
    "drain": {"queue": "drain"},
    "refit": {"queue": "refit"},
    "draw": {"queue": "refit"},
}
CELERY_TASK_TIME_LIMIT = TASK_TIME_LIMIT
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- what is logged -------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env_str("LOG_LEVEL", "WARNING")},
}
