#!/usr/bin/env bash
# What Claude Code, shells and the exercise find on this node: settings and packages. Sourced by install-claude-code.sh.
# shellcheck disable=SC2154 # the init script sets what is read here

# The settings of the plan, or what a cluster from before they came with it gets, for its own endpoint.
settings_of_the_plan() {
  local given=${WORKSHOP_CLAUDE_SETTINGS:-}
  if [ -z "$given" ]; then
    sed "s/\"databricks-claude-sonnet-4-6\"/\"$model\"/" "$tools/lib/claude-settings.json"
    return
  fi
  printf '%s' "$given" | base64 -d
}

# The token is asked for whenever it is needed; no file holds one. A node may have nothing that reads JSON: the settings
# begin with their variables, and what the node knows is put before these.
write_settings() {
  local plan=$staging/settings-of-the-plan.json
  settings_of_the_plan >"$plan" 2>/dev/null || fail 24 "WORKSHOP_CLAUDE_SETTINGS is not base64."
  [ "$(head -n 2 "$plan" | tr -d ' \n')" = '{"env":{' ] ||
    fail 24 "WORKSHOP_CLAUDE_SETTINGS does not begin with variables: another version of this program made the cluster."
  mkdir -p /etc/claude-code
  {
    printf '{\n  "apiKeyHelper": "%s",\n  "env": {\n' "$tools/lib/api-key"
    [ -z "$host" ] || printf '    "ANTHROPIC_BASE_URL": "%s",\n' "$host/$gateway/anthropic"
    tail -n +3 "$plan"
  } >"$staging/managed-settings.json"
  mv "$staging/managed-settings.json" /etc/claude-code/managed-settings.json
  {
    printf '# Written by install-claude-code.sh; no secret is in here.\n'
    printf '%s=%q\n' WORKSHOP_SCRIPTS "$scripts" WORKSHOP_CLAUDE_VERSION "$version" WORKSHOP_HOST "$host" \
      WORKSHOP_MODEL "$model" WORKSHOP_GATEWAY "$gateway" WORKSHOP_USER "$person" WORKSHOP_LOGS "$logs" \
      WORKSHOP_ID "${WORKSHOP_ID:-}" WORKSHOP_APP_LIMIT "${WORKSHOP_APP_LIMIT:-}" \
      WORKSHOP_FACILITATOR "${WORKSHOP_FACILITATOR:-}"
  } >"$tools/settings"
}

# Login shells read profile.d, the others .bashrc, VS Code's terminals among them.
reach_every_shell() {
  mkdir -p /etc/profile.d "$home"
  local shell=$tools/lib/shell.sh
  printf '# The workshop: see %s\n[ ! -r %s ] || . %s\n' "$shell" "$shell" "$shell" >/etc/profile.d/claude-workshop.sh
  grep -qs 'claude-workshop/lib/shell.sh' "$home/.bashrc" ||
    printf '\n# The workshop: where work is kept.\n[ ! -r %s ] || . %s\n' "$shell" "$shell" >>"$home/.bashrc"
}

# What the exercise installs without a network.
stage_wheels() {
  if [ ! -d "$scripts/wheelhouse" ]; then
    echo "no $scripts/wheelhouse: the exercise installs from the network"
    return 1
  fi
  # Only what this node's Python takes: the others' are half of a hundred megabytes.
  local python wheels tag=
  if python=$("$tools/bin/claude-vscode-env" 2>/dev/null); then
    tag=$("$python" -c 'import sys; print("cp%d%d" % sys.version_info[:2])')
  fi
  wheels=("$scripts"/wheelhouse/*-none-any.whl "$scripts"/wheelhouse/*"-$tag-"*.whl)
  [ -n "$tag" ] && [ -e "${wheels[-1]}" ] || wheels=("$scripts"/wheelhouse/*)
  rm -rf "$tools/wheels"
  mkdir -p "$tools/wheels"
  timeout 60 cp "${wheels[@]}" "$tools/wheels/"
}

# Claude Code's first questions (colours, how to sign in, whether the work folder is to be trusted) are answered
# already; somebody's own answers stay.
prepare_claude_screen() { HOME=$home "$tools/lib/first-answers"; }
