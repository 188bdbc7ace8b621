#!/usr/bin/env bash
# Which tokens there are on this node, and which is the newest. Sourced. Nothing here prints one.
# A session's DATABRICKS_TOKEN is the one that the SSH server was started with: it is never renewed inside a session,
# but a server that was started later has a newer one.
# shellcheck disable=SC2034 # what is set here is read by whoever sources it

token_folder=${WORKSHOP_TOKEN_FOLDER:-/run/claude-workshop}

boot_time() { sed -n 's/^btime //p' /proc/stat; }

# born PID: when a process started, in epoch seconds.
born() {
  local stat fields
  # It may have ended since it was listed.
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  # The name may hold spaces and brackets: fields are counted behind the last one.
  read -ra fields <<<"${stat##*) }"
  printf '%s' $((token_boot + fields[19] / token_ticks))
}

# Fills the arrays tokens, births (epoch seconds) and sources, newest first; a token that several processes hold counts
# as old as the oldest of them.
find_tokens() {
  tokens=() births=() sources=()
  token_boot=$(boot_time)
  token_ticks=$(getconf CLK_TCK 2>/dev/null || echo 100)
  local file pid at entry value words pasted=$token_folder/pasted
  if [ -r "$pasted" ]; then
    read -r entry <"$pasted" &&
      add_token "$entry" "$(stat -c %Y "$pasted")" 'pasted with claude-refresh-token --paste'
  fi
  while IFS= read -r file; do
    pid=${file#/proc/}
    pid=${pid%/environ}
    at=$(born "$pid") || continue
    words='another process of this node'
    case $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) in *'ssh server'*) words='the SSH server of this node' ;; esac
    value=
    {
      while IFS= read -r -d '' entry; do
        case $entry in
          DATABRICKS_TOKEN=?*) value=${entry#*=} ;;
          # A job's token ends with the job, in seconds.
          WORKSHOP_JOB=?*) value=; break ;;
        esac
      done <"$file"
    } 2>/dev/null
    [ -z "$value" ] || add_token "$value" "$at" "$words"
  done < <(grep -lsza '^DATABRICKS_TOKEN=.' /proc/[0-9]*/environ 2>/dev/null)
  [ -z "${DATABRICKS_TOKEN:-}" ] || add_token "$DATABRICKS_TOKEN" "$(date +%s)" "this session's DATABRICKS_TOKEN" own
  sort_tokens
}

add_token() {
  local value=$1 at=$2 words=$3 own=${4:-} i
  for i in "${!tokens[@]}"; do
    [ "${tokens[i]}" = "$value" ] || continue
    [ "$at" -ge "${births[i]}" ] || births[i]=$at
    [ -z "$own" ] || sources[i]=$words
    case $words in *'SSH server'*) [ "${sources[i]}" = "this session's DATABRICKS_TOKEN" ] || sources[i]=$words ;; esac
    return
  done
  tokens+=("$value") births+=("$at") sources+=("$words")
}

sort_tokens() {
  local i j swap
  for ((i = 0; i < ${#tokens[@]}; i++)); do
    for ((j = i + 1; j < ${#tokens[@]}; j++)); do
      [ "${births[j]}" -gt "${births[i]}" ] || continue
      swap=${births[i]} births[i]=${births[j]} births[j]=$swap
      swap=${tokens[i]} tokens[i]=${tokens[j]} tokens[j]=$swap
      swap=${sources[i]} sources[i]=${sources[j]} sources[j]=$swap
    done
  done
}

fingerprint() { printf '%s' "$1" | sha256sum | cut -c1-16; }
is_refused() { grep -qsxF "$(fingerprint "$1")" "$token_folder/refused"; }

# What the workspace refused once is not tried by Claude Code again.
note_refused() {
  mkdir -p "$token_folder" && chmod 700 "$token_folder" &&
    { is_refused "$1" || fingerprint "$1" >>"$token_folder/refused"; }
}
note_accepted() {
  [ ! -e "$token_folder/refused" ] || sed -i "/^$(fingerprint "$1")\$/d" "$token_folder/refused"
}

# choose_token: the newest that was not refused, else the newest; in token, token_birth and token_source. Exit status 1
# when there is none.
choose_token() {
  find_tokens
  token='' token_birth='' token_source=''
  local i
  for i in "${!tokens[@]}"; do
    is_refused "${tokens[i]}" && continue
    token=${tokens[i]} token_birth=${births[i]} token_source=${sources[i]}
    return 0
  done
  [ ${#tokens[@]} -gt 0 ] || return 1
  token=${tokens[0]} token_birth=${births[0]} token_source=${sources[0]}
}

# token_expiry TOKEN: epoch seconds, when the token says so itself; nothing otherwise.
token_expiry() {
  local part
  case $1 in *.*.*) ;; *) return 0 ;; esac
  part=${1#*.}
  part=$(printf '%s' "${part%%.*}" | tr '_-' '/+')
  while [ $((${#part} % 4)) -ne 0 ]; do part+='='; done
  printf '%s' "$part" | base64 -d 2>/dev/null | tr -d '\0' | sed -n 's/.*"exp" *: *\([0-9]\{1,12\}\).*/\1/p'
}

# for_people SECONDS: 1 h 20 min. What began within this very second began now.
for_people() {
  local seconds=$1
  if [ "$seconds" -lt 0 ]; then seconds=0; fi
  if [ "$seconds" -lt 120 ]; then printf '%s s' "$seconds"
  elif [ "$seconds" -lt 7200 ]; then printf '%s min' $((seconds / 60))
  else printf '%s h %s min' $((seconds / 3600)) $((seconds % 3600 / 60)); fi
}
