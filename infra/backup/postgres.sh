#!/usr/bin/env bash
# Backs up the ledger (every schema of the database) into a folder, or restores it into an empty database. The run-time roles
# come along without their passwords; the next migration (a helm upgrade, npm start) gives them theirs.
#   GANGLION_DATABASE_URL=postgresql://admin:…@host/ganglion infra/backup/postgres.sh backup|restore <folder>
# pg_dump must be of the server's major version or a later one.
set -euo pipefail
: "${GANGLION_DATABASE_URL:?the administrator\'s URL}"
verb=${1:-} folder=${2:-}
dump="$folder/ganglion.dump" roles="$folder/roles.sql"

case "$verb" in
  backup)
    mkdir -p "$folder"
    pg_dumpall --dbname="$GANGLION_DATABASE_URL" --roles-only --no-role-passwords |
      grep -E '^(CREATE|ALTER) ROLE "?[a-z0-9_]+_(runtime|system)"?[ ;]' >"$roles"
    pg_dump --dbname="$GANGLION_DATABASE_URL" --format=custom --file="$dump.part"
    mv "$dump.part" "$dump"
    ;;
  restore)
    # A role that is there already is no error; anything else of the restore is.
    psql "$GANGLION_DATABASE_URL" --quiet --file="$roles" || true
    pg_restore --dbname="$GANGLION_DATABASE_URL" --no-owner --exit-on-error --single-transaction "$dump"
    ;;
  *)
    echo "usage: postgres.sh backup|restore <folder>" >&2
    exit 2
    ;;
esac
