#!/usr/bin/env bash
# How a helper command says what it found: a line for each check for people, or JSON for programs. Sourced.

report_json=
report_entries=()
report_extra=()
report_failures=0
report_warnings=0

# Reads --help and --json; anything else is left in "rest". The command's own usage text comes from `usage`.
read_options() {
  rest=()
  local option
  for option in "$@"; do
    case $option in
      --help | -h) usage; exit 0 ;;
      --json) report_json=1 ;;
      *) rest+=("$option") ;;
    esac
  done
}

wrong_use() {
  printf '%s: %s\n\n' "${0##*/}" "$1" >&2
  usage >&2
  exit 2
}

# No secret ever gets out, not even inside somebody else's error message.
masked() {
  local text=$1 secret
  for secret in "${DATABRICKS_TOKEN:-}" "${ANTHROPIC_AUTH_TOKEN:-}" "${ANTHROPIC_API_KEY:-}" "${token:-}"; do
    [ "${#secret}" -lt 6 ] || text=${text//"$secret"/***}
  done
  printf '%s' "$text"
}

json_string() {
  local text
  text=$(masked "$1" | tr -d '\000-\010\013\014\016-\037\177')
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\r'/\\r}
  text=${text//$'\t'/\\t}
  printf '"%s"' "$text"
}

# found STATE ID WORDS [NEXT]: one check. STATE is ok, warning, failed or skipped; NEXT is what to type.
found() {
  local state=$1 id=$2 words=$3 next=${4:-} sign entry
  case $state in
    failed) report_failures=$((report_failures + 1)) sign='FAIL' ;;
    warning) report_warnings=$((report_warnings + 1)) sign='warn' ;;
    skipped) sign='skip' ;;
    *) sign='ok  ' ;;
  esac
  if [ -n "$report_json" ]; then
    entry="\"id\": $(json_string "$id"), \"state\": \"$state\""
    entry="$entry, \"said\": $(json_string "$words"), \"next\": $(json_string "$next")"
    report_entries+=("{$entry}")
    return
  fi
  printf '%s  %-10s %s\n' "$sign" "$id" "$(masked "$words")"
  [ -z "$next" ] || masked "$next" | while IFS= read -r line || [ -n "$line" ]; do
    printf '                 -> %s\n' "$line"
  done
}

# free_kib PLACE: KiB that are free there; nothing when that cannot be told.
free_kib() { df -Pk "$1" 2>/dev/null | { read -r _; read -r _ _ _ free _ && printf '%s' "$free"; }; }

# A fact for programs only.
also() { report_extra+=("$(json_string "$1"): $(json_string "$2")"); }

# Ends the command: exit 0 when nothing failed, 1 when something did.
end_report() {
  local ok=true joined extra
  [ "$report_failures" -eq 0 ] || ok=false
  if [ -n "$report_json" ]; then
    joined=$(printf '    %s,\n' ${report_entries[@]+"${report_entries[@]}"})
    extra=$(printf '  %s,\n' ${report_extra[@]+"${report_extra[@]}"})
    [ ${#report_extra[@]} -gt 0 ] || extra=''
    [ ${#report_entries[@]} -gt 0 ] || joined=''
    printf '{\n  "v": 1,\n  "command": %s,\n  "ok": %s,\n' "$(json_string "${0##*/}")" "$ok"
    printf '%s\n  "checks": [\n%s\n  ]\n}\n' "$extra" "${joined%,}"
  elif [ "$report_failures" -gt 0 ]; then
    printf '\n%s of these failed: do what follows the first arrow, then %s again.\n' "$report_failures" "${0##*/}"
  elif [ "$report_warnings" -gt 0 ]; then
    printf '\nNothing failed; %s to look at.\n' "$report_warnings"
  else
    printf '\nAll is well.\n'
  fi
  [ "$ok" = true ] || exit 1
  exit 0
}
