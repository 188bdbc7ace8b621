#!/usr/bin/env bash
# What Claude Code, shells and the exercise find on this node: settings and packages. Sourced by install-claude-code.sh.
# shellcheck disable=SC2154 # the init script sets what is read here

# The token is asked for whenever it is needed; no file holds one.
write_settings() {
  local base_url=''
  [ -z "$host" ] || base_url="\"ANTHROPIC_BASE_URL\": \"$host/serving-endpoints/anthropic\","
  mkdir -p /etc/claude-code
  cat >"$staging/managed-settings.json" <<JSON
{
  "apiKeyHelper": "$tools/lib/api-key",
  "env": {
    $base_url
    "ANTHROPIC_MODEL": "$model",
    "ANTHROPIC_DEFAULT_OPUS_MODEL": "$model",
    "ANTHROPIC_DEFAULT_SONNET_MODEL": "$model",
    "ANTHROPIC_DEFAULT_HAIKU_MODEL": "$model",
    "ANTHROPIC_CUSTOM_HEADERS": "x-databricks-disable-beta-headers: true",
    "CLAUDE_CODE_API_KEY_HELPER_TTL_MS": "60000",
    "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1"
  }
}
JSON
  mv "$staging/managed-settings.json" /etc/claude-code/managed-settings.json
  {
    printf '# Written by install-claude-code.sh; no secret is in here.\n'
    printf '%s=%q\n' WORKSHOP_SCRIPTS "$scripts" WORKSHOP_CLAUDE_VERSION "$version" WORKSHOP_HOST "$host" \
      WORKSHOP_MODEL "$model" WORKSHOP_USER "$person" WORKSHOP_LOGS "$logs" WORKSHOP_ID "${WORKSHOP_ID:-}" \
      WORKSHOP_APP_LIMIT "${WORKSHOP_APP_LIMIT:-}" WORKSHOP_FACILITATOR "${WORKSHOP_FACILITATOR:-}"
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

# Claude Code's first questions (colours, how to sign in) are answered already; somebody's own answers stay.
prepare_claude_screen() {
  [ -e "$home/.claude.json" ] || printf '{"hasCompletedOnboarding": true}\n' >"$home/.claude.json"
}
