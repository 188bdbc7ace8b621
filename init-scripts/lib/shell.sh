#!/bin/sh
# Read by every shell of the workshop, also by dash and under set -eu. Quick, quiet, and never the reason why a shell fails.

case ":${PATH-}:" in
  *:/usr/local/bin:*) ;;
  *) PATH="/usr/local/bin${PATH:+:$PATH}" && export PATH ;;
esac

# Where the cluster was made without WORKSHOP_HOST, the session knows the workspace.
if [ -z "${ANTHROPIC_BASE_URL-}" ] && [ -n "${DATABRICKS_HOST-}" ]; then
  ANTHROPIC_BASE_URL="${DATABRICKS_HOST%/}/serving-endpoints/anthropic" && export ANTHROPIC_BASE_URL
fi

case $- in
  *i*)
    [ -e "${HOME-/root}/workshop" ] || /opt/claude-workshop/lib/work-folder || :
    if [ "$(pwd)" = "${HOME-/root}" ] && [ -d "${HOME-/root}/workshop" ]; then
      cd "${HOME-/root}/workshop" || :
    fi
    ;;
esac
