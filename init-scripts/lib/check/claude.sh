#!/usr/bin/env bash
# Whether Claude Code is on this node, starts, and is set up for the workspace. Sourced by check-claude.
# shellcheck disable=SC2154 # report.sh and workspace.sh set what is read here

settings=/etc/claude-code/managed-settings.json
init_log=/tmp/init-script-claude.log
run_again='restart the cluster, which runs the init script again (its page in the workspace: Compute)'

check_init_script() {
  local last failed
  if [ ! -r "$init_log" ]; then
    found warning init "there is no $init_log: this cluster ran no init script, or /tmp was emptied" ''
    return
  fi
  failed=$(grep -a ' FAILED (' "$init_log" | tail -n 1)
  last=$(tail -n 1 "$init_log")
  if [ -n "$failed" ]; then
    found failed init "the init script failed: ${failed#* }" "cat $init_log"
  elif [[ $last == *' done in '* ]]; then
    found ok init "the init script was done: ${last##* done }"
  else
    found warning init "the init script did not say that it was done" "cat $init_log"
  fi
}

was_installed() { tail -n 1 "$init_log" 2>/dev/null | grep -q ' done in '; }

why_gone() {
  if was_installed; then
    printf 'it was there, and is gone'
  else
    printf 'the init script did not install it'
  fi
}

# What to type about a claude that is not there, or is damaged.
bring_back() {
  local program=/opt/claude-code/${WORKSHOP_CLAUDE_VERSION:-}/claude
  if [ -x "$program" ] && timeout 60 "$program" --version >/dev/null 2>&1 </dev/null; then
    printf 'ln -sfn %s /usr/local/bin/claude' "$program"
  elif was_installed; then
    printf 'save-work, then restart the cluster, which installs it again (its page in the workspace: Compute)'
  else
    printf 'cat %s' "$init_log"
  fi
}

check_binary() {
  local path said
  path=$(command -v claude) || path=''
  if [ -z "$path" ]; then
    if [ -x /usr/local/bin/claude ]; then
      found failed claude '/usr/local/bin is not on the PATH of this shell' '. ~/.bashrc'
    else
      found failed claude "claude: command not found; $(why_gone)" "$(bring_back)"
    fi
    found skipped version 'there is no claude to ask'
    return
  fi
  found ok claude "$path"
  if ! said=$(DISABLE_AUTOUPDATER=1 timeout 60 claude --version 2>&1 </dev/null); then
    found failed version "claude does not start: ${said:-it ends without a word}" "$(bring_back)"
    return
  fi
  also version "${said%% *}"
  if [ -z "${WORKSHOP_CLAUDE_VERSION:-}" ] || [ "${said%% *}" = "$WORKSHOP_CLAUDE_VERSION" ]; then
    found ok version "$said"
  else
    found warning version "$said, and the workshop is made for $WORKSHOP_CLAUDE_VERSION" "ls -l $path /opt/claude-code"
  fi
}

is_json() {
  ! command -v python3 >/dev/null 2>&1 ||
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$1" 2>/dev/null
}

check_settings() {
  if [ ! -r "$settings" ]; then
    found failed config "$settings is not there: Claude Code does not know the workspace" "$run_again"
    return
  fi
  if ! is_json "$settings"; then
    found failed config "$settings is no JSON any more: somebody changed it" "$run_again"
    return
  fi
  if ! grep -q '"apiKeyHelper"' "$settings"; then
    found failed config "$settings names no apiKeyHelper: Claude Code finds no token" "$run_again"
    return
  fi
  local base model variable
  base=$(sed -n 's/.*"ANTHROPIC_BASE_URL": *"\([^"]*\)".*/\1/p' "$settings")
  model=$(sed -n 's/.*"ANTHROPIC_MODEL": *"\([^"]*\)".*/\1/p' "$settings")
  if [ -n "$base" ] && [ -n "$workspace_host" ] && [ "$base" != "$workspace_host$workspace_messages" ]; then
    found failed config "Claude Code is set to $base, and this session belongs to $workspace_host" \
      "tell your facilitator: the plan's workspace is another one"
    return
  fi
  for variable in ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN; do
    [ -n "${!variable:-}" ] || continue
    found warning config "$variable is set in this shell and wins over the workshop's token" "unset $variable"
    return
  done
  found ok config "${base:-the workspace of the session}, model ${model:-unknown}"
}

# Costs an answer of the model.
check_deep() {
  local said question='What is 17 + 25? Answer with the number alone.'
  if ! command -v claude >/dev/null 2>&1; then
    found skipped deep 'there is no claude to ask'
    return
  fi
  if ! said=$(
    cd "${TMPDIR:-/tmp}" && CLAUDE_CODE_MAX_RETRIES=0 timeout 90 claude -p "$question" </dev/null 2>&1
  ); then
    found failed deep "Claude Code does not answer: ${said:0:300}" 'claude-debug'
  elif [[ $said == *42* ]]; then
    found ok deep 'Claude Code answers'
  else
    found failed deep "Claude Code answers something else: ${said:0:300}" 'claude-debug'
  fi
}
