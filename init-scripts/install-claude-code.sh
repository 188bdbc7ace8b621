#!/usr/bin/env bash
# Runs on every cluster of a workshop while it boots, as root, with the attendee's rights to volumes.
# It installs nothing yet: it leaves a log that shows when it ran and what it ran on.
set -Eeuo pipefail

log=/tmp/init-script-claude.log
say() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >>"$log"; }
trap 'say "failed at line $LINENO"' ERR

# Only these are set in an init script; DATABRICKS_HOST and DATABRICKS_TOKEN are not.
say "init script on ${DB_CLUSTER_NAME:-unknown cluster} (${DB_CLUSTER_ID:-no id}), driver: ${DB_IS_DRIVER:-unknown}, node type: ${DB_INSTANCE_TYPE:-unknown}"
say "kernel $(uname -sr), disk free on /: $(df -Pk / | awk 'NR==2 {print $4}') KiB"
say "done"
