#!/usr/bin/env bash
# Whether VS Code's server can be downloaded on this node. Sourced by claude-vscode-check.

# The first host says at which other one the server lies.
first_place=https://update.code.visualstudio.com/latest/server-linux-x64/stable
# Seconds for each of the two.
longest_ask=6

# What an address answers without its body: "<status> <where it leads to>", by the way out that VS Code would take.
ask_head() {
  curl --silent --head --max-time "$longest_ask" --output /dev/null --write-out '%{http_code} %{redirect_url}' "$1"
}

host_of() { local rest=${1#*://}; printf '%s' "${rest%%/*}"; }

# Only this node's side: that the laptop gets there is seen by nobody but the laptop.
check_download() {
  if ! command -v curl >/dev/null 2>&1; then
    found skipped download 'without curl it cannot be told whether this node gets to it'
    return
  fi
  local status place
  read -r status place <<<"$(ask_head "$first_place" 2>/dev/null)"
  # The real one always leads on; 200 at once is a page of somebody in between.
  case $status in
    30?) ;;
    404) place='' ;;
    *) not_from_here "$first_place" "$status"; return ;;
  esac
  case $place in
    https://*) ;;
    *)
      found skipped download "$(host_of "$first_place") no longer says where VS Code's server lies"
      return ;;
  esac
  read -r status _ <<<"$(ask_head "$place" 2>/dev/null)"
  case $status in
    200 | 206 | 30?) found ok download "VS Code's server can be downloaded here, from $(host_of "$place")" ;;
    *) not_from_here "$place" "$status" ;;
  esac
}

not_from_here() {
  local said
  case $2 in
    '' | 000) said='does not answer' ;;
    *) said="answers HTTP $2" ;;
  esac
  found warning download "VS Code's server cannot be downloaded here: $(host_of "$1") $said" \
    'on your laptop, in the settings of VS Code: "remote.SSH.localServerDownload": "always"'
}
