"""Gunicorn's settings: threads, because requests wait for commits; a graceful stop within 30 seconds."""

import os
from pathlib import Path

MEMORY = "/dev/shm"  # noqa: S108  # the heartbeat must not wait for a disk

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "config.serving.worker.PatientWorker"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
max_requests = 20_000
max_requests_jitter = 2_000
timeout = 60
graceful_timeout = 30
keepalive = 30
limit_request_line = 8190  # the longest address; what is longer is 414
limit_request_fields = 64
forwarder_headers = ""  # no header moves the site to another address
sendfile = False  # written piece by piece, so that a slow reader is noticed
worker_tmp_dir = MEMORY if Path(MEMORY).is_dir() else None
control_socket_disable = True  # one file in the home folder for every site on the machine
