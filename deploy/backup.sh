#!/bin/sh
# backup.sh FOLDER: one file of the database in DATABASE_URL, which a restore can be tried with; older than 14 days goes.
# PostgreSQL: pg_restore --dbname=... FILE. SQLite: the file is the database.
set -eu
folder=$1
umask 077
mkdir -p "$folder"
name="$folder/bookings-$(date -u +%Y%m%dT%H%M%SZ)"
case ${DATABASE_URL:-sqlite:///db.sqlite3} in
    postgres*)
        pg_dump --format=custom --file="$name.part" "$DATABASE_URL"
        pg_restore --list "$name.part" >/dev/null # it can be read
        mv "$name.part" "$name.dump"
        ;;
    sqlite:///*)
        database=${DATABASE_URL:-sqlite:///db.sqlite3}
        "${PYTHON:-.venv/bin/python}" - "${database#sqlite:///}" "$name.part" <<'PYTHON'
import sqlite3, sys
source, copy = (sqlite3.connect(path) for path in sys.argv[1:])
source.backup(copy)
assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
PYTHON
        mv "$name.part" "$name.sqlite3"
        ;;
    *)
        echo "DATABASE_URL must begin with postgres:// or sqlite:///." >&2
        exit 1
        ;;
esac
find "$folder" -name 'bookings-*' -mtime +14 -delete
