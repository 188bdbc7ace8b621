#!/bin/sh
# Read by every shell of the workshop, also by dash and under set -eu. Quick, quiet, and never why a shell fails.

case ":${PATH-}:" in
  *:/usr/local/bin:*) ;;
  *) PATH="/usr/local/bin${PATH:+:$PATH}" && export PATH ;;
esac

# The tunnel brings the databricks program along; the session's own variables sign it in.
case ${DATABRICKS_CLI_PATH-} in
  */databricks) [ ! -x "$DATABRICKS_CLI_PATH" ] || command -v databricks >/dev/null 2>&1 ||
    PATH="$PATH:${DATABRICKS_CLI_PATH%/databricks}" ;;
esac

# Where the cluster was made without WORKSHOP_HOST, the session knows the workspace.
if [ -z "${ANTHROPIC_BASE_URL-}" ] && [ -n "${DATABRICKS_HOST-}" ]; then
  ANTHROPIC_BASE_URL="${DATABRICKS_HOST%/}/${WORKSHOP_GATEWAY:-serving-endpoints}/anthropic"
  export ANTHROPIC_BASE_URL
fi

# A refusal that lasts is told sooner; the limit of a room that is used up is waited for all the same. Here, and not in
# the settings, which would overrule a check that does not want to wait.
: "${CLAUDE_CODE_MAX_RETRIES=6}" && export CLAUDE_CODE_MAX_RETRIES

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
