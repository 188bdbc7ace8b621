#!/bin/sh
# Read by every shell of the workshop, also by dash and under set -eu. Quick, quiet, and never why a shell fails.

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
    # Some time after the last session the cluster falls asleep, and its disk is erased: what lies outside of ~/workshop
    # is saved before.
    # shellcheck disable=SC3045 # only bash comes to it
    if [ -n "${BASH_VERSION-}" ] && [ -z "$(trap -p EXIT)" ]; then
      trap '( setsid /opt/claude-workshop/lib/save-work >/tmp/save-work.log 2>&1 </dev/null & )' EXIT
    fi
    ;;
esac
