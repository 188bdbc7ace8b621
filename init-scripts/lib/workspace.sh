#!/usr/bin/env bash
# Asks the workspace something over HTTP. Sourced, after token.sh.
# shellcheck disable=SC2034 # what is set here is read by whoever sources it

workspace_settings=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../settings
# shellcheck source=/dev/null
[ ! -r "$workspace_settings" ] || . "$workspace_settings"

# The session knows best where it came from.
workspace_host=${DATABRICKS_HOST:-${WORKSHOP_HOST:-}}
case $workspace_host in '' | http://* | https://*) ;; *) workspace_host=https://$workspace_host ;; esac
workspace_host=${workspace_host%/}
workspace_model=${ANTHROPIC_MODEL:-${WORKSHOP_MODEL:-databricks-claude-sonnet-4-6}}
# Where the Messages API is, below the host.
workspace_messages=/${WORKSHOP_GATEWAY:-serving-endpoints}/anthropic

# Headers that go with each question, as curl takes them.
ask_headers=()

# As after a question without an answer.
status=000 answer='' problem='' clock=''

# ask METHOD PATH [BODY]: sets status (000: no answer), answer, problem (why there is none) and clock (its Date header).
# The token goes to curl through a pipe: a command line can be read by everybody.
ask() {
  local method=$1 path=$2 body=${3:-} folder code=0
  local more=(${ask_headers[@]+"${ask_headers[@]}"})
  status=000 answer='' problem='' clock=''
  if ! command -v curl >/dev/null 2>&1; then
    problem='curl is missing'
    return
  fi
  folder=$(mktemp -d) || { problem='no room for a temporary file'; return; }
  [ -z "$body" ] || more+=(-H 'content-type: application/json' -H 'anthropic-version: 2023-06-01' --data-binary "$body")
  status=$(printf 'header = "Authorization: Bearer %s"\n' "${token:-}" |
    curl -sS -K - -X "$method" ${more[@]+"${more[@]}"} \
      --connect-timeout 10 --max-time "${WORKSHOP_WAIT_SECONDS:-30}" -D "$folder/head" -o "$folder/body" \
      -w '%{http_code}' "$workspace_host$path" 2>"$folder/problem") || code=$?
  answer=$(head -c 20000 "$folder/body" 2>/dev/null | tr -d '\0') || true
  problem=$(head -c 500 "$folder/problem" | head -n 1) || true
  clock=$(tr -d '\r' <"$folder/head" 2>/dev/null | sed -n 's/^[Dd]ate: //p' | tail -n 1) || true
  rm -rf "$folder"
  [ "$code" -eq 0 ] || status=000
}

# otherwise NEXT: what to type when there is no answer.
otherwise() {
  if [ "$problem" = 'curl is missing' ]; then
    printf 'apt-get update && apt-get install -y curl'
  else
    printf '%s' "$1"
  fi
}

# field NAME: a text field of the last answer.
field() { printf '%s' "$answer" | tr '\n' ' ' | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }

# who_am_i: sets status, and person when the workspace knows the token.
who_am_i() {
  ask GET /api/2.0/preview/scim/v2/Me
  person=''
  [ "$status" != 200 ] || person=$(field userName)
}
