#!/usr/bin/env bash
# Whether this node has room, the right time, Python, git, and a folder that is kept. Sourced by check-claude.
# shellcheck disable=SC2154 # check-claude and its other parts set what is read here

# Seconds. A virtual machine is off by seconds; tokens are refused from minutes on.
most_skew=300

check_disk() {
  local place free largest
  for place in "${HOME:-/root}" /tmp; do
    free=$(free_kib "$place")
    largest="du -xsh $place/* $place/.[!.]* 2>/dev/null | sort -h | tail"
    if [ -z "$free" ]; then
      found warning disk "how full $place is cannot be told" "df -h $place"
      return
    elif [ "$free" -lt 102400 ]; then
      found failed disk "$place has $((free / 1024)) MiB left" "$largest"
      return
    elif [ "$free" -lt 1048576 ]; then
      found warning disk "$place has $((free / 1024)) MiB left" "$largest"
      return
    fi
  done
  found ok disk "$((free / 1048576)) GiB free"
}

check_clock() {
  local theirs skew
  theirs=$(date -d "${last_clock:-}" +%s 2>/dev/null)
  if [ -z "${last_clock:-}" ] || [ -z "$theirs" ]; then
    found skipped clock 'the workspace told no time'
    return
  fi
  skew=$(($(date +%s) - theirs))
  if [ "${skew#-}" -gt "$most_skew" ]; then
    found failed clock "the clock is $(for_people "${skew#-}") off: tokens and certificates count as expired" \
      'restart the cluster (its page in the workspace: Compute)'
  else
    found ok clock "$(date -u +%H:%M:%S) UTC"
  fi
}

check_python() {
  local python
  python=$("$here/claude-vscode-env" 2>/dev/null) || python=''
  if [ -n "$python" ]; then
    found ok python "$("$python" -c 'import sys; print(sys.version.split()[0])' 2>&1), $python"
  else
    found failed python 'no Python was found' 'claude-vscode-env'
  fi
}

check_git() {
  if command -v git >/dev/null 2>&1; then
    found ok git "$(git --version)"
  else
    found warning git 'there is no git: Claude Code cannot show what it changed' \
      'apt-get update && apt-get install -y git'
  fi
}

check_work() {
  local link=${HOME:-/root}/workshop make=$here/../lib/work-folder target
  # Where the init script could not know whose cluster this is, the first to come makes it.
  [ -e "$link" ] || "$make" >/dev/null 2>&1
  target=$(readlink -f "$link" 2>/dev/null)
  if [ ! -e "$link" ]; then
    found failed work "$link is not there: what you make elsewhere is erased when the cluster stops" "$make"
  elif [[ $target != "${WORKSHOP_USERS_FOLDER:-/Workspace/Users}"/* ]]; then
    found warning work "$link is on this cluster's own disk: its files are erased when the cluster stops" \
      "mv $link $link-old && $make"
  elif ! { : >"$target/.check-claude" && rm -f "$target/.check-claude"; } 2>/dev/null; then
    found failed work "$target cannot be written" 'claude-debug'
  else
    found ok work "$link leads to $target"
  fi
}
