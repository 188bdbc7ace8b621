#!/usr/bin/env bash
# Whether the workspace is known, takes the token, and its endpoint answers. Sourced by check-claude.
# shellcheck disable=SC2034,SC2154 # token.sh and workspace.sh set what is read here; lib/check/node.sh reads last_clock

# The Date header of the last answer.
last_clock=''

check_host() {
  if [ -z "$workspace_host" ]; then
    found failed host \
      'neither DATABRICKS_HOST nor the settings name a workspace: this is no SSH session of databricks ssh' \
      'leave, and connect from your laptop with the alias of databricks ssh setup'
    return 1
  fi
  also host "$workspace_host"
  found ok host "$workspace_host"
}

# Sets person, when the token is good.
check_token() {
  local age expiry now
  person=''
  now=$(date +%s)
  if ! choose_token; then
    found failed token 'there is no DATABRICKS_TOKEN in this session, and no other on this node' 'claude-refresh-token'
    return 1
  fi
  age="held for $(for_people $((now - token_birth))), from ${token_source}"
  expiry=$(token_expiry "$token")
  if [ -n "$expiry" ] && [ "$expiry" -le "$now" ]; then
    found failed token "the token expired $(for_people $((now - expiry))) ago ($age)" 'claude-refresh-token'
    return 1
  fi
  who_am_i
  case $status in
    200)
      also person "$person"
      say_good_token
      return 0 ;;
    401 | 403)
      note_refused "$token"
      found failed token \
        "the workspace does not accept the token (HTTP $status, $age): it has expired, or was revoked" \
        'claude-refresh-token' ;;
    000)
      found failed token "the workspace does not answer: ${problem:-no reason given}" "$(otherwise claude-debug)" ;;
    *)
      found failed token "the workspace answers HTTP $status: $(field message)" \
        'try again in a minute; then tell your facilitator' ;;
  esac
  return 1
}

say_good_token() {
  if [ -n "${WORKSHOP_USER:-}" ] && [ "${person,,}" != "${WORKSHOP_USER,,}" ]; then
    found warning token "the token is ${person}'s, and this cluster is ${WORKSHOP_USER}'s" 'claude-token-status'
  elif [ -n "$expiry" ] && [ $((expiry - now)) -lt 900 ]; then
    found warning token "${person}'s, and it expires in $(for_people $((expiry - now)))" 'claude-refresh-token'
  else
    found ok token "${person}'s, $age${expiry:+, good for $(for_people $((expiry - now)))}"
  fi
}

# The server's own words about the last question: those of its message, a page's title, or the beginning of what came;
# without what looks like a token, also one that is not this session's.
own_words() {
  local words
  words=$(field message)
  [ -n "$words" ] || words=$(printf '%s' "$answer" | tr '\n' ' ' | sed -n 's/.*<title[^>]*>\([^<]*\)<.*/\1/Ip')
  [ -n "$words" ] || words=$(printf '%s' "$answer" | tr '\n' ' ' | sed 's/<[^>]*>/ /g')
  words=$(printf '%s' "$words" |
    sed -E 's/(dapi|dose)[0-9A-Za-z-]{8,}/***/g; s/eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9._-]+/***/g')
  [ "${#words}" -le 300 ] || words=${words:0:300}...
  printf '%s' "$words"
}

is_an_answer() { [[ $answer =~ \"type\"\ *:\ *\"message\" ]]; }

# The headers that Claude Code is told to send, for ask.
told_headers() {
  local told line
  told=$(sed -n 's/.*"ANTHROPIC_CUSTOM_HEADERS": *"\(.*\)",\{0,1\}$/\1/p' "$settings" 2>/dev/null)
  while IFS= read -r line; do
    [ -z "$line" ] || ask_headers+=(-H "$line")
  done < <(printf '%b\n' "${told//\\\"/\"}")
}

# Whether a refusal is about where somebody asks from, and not about what they may.
is_of_the_network() {
  printf '%s' "$1" |
    grep -qiE 'ip (access|acl|address)|firewall|network (access|polic)|private link|(^| )proxy( |$)|source ip'
}

check_endpoint() {
  local model=$workspace_model words
  first_question "$model"
  ask_headers=(-H "anthropic-beta: $question_betas" -H 'x-app: cli')
  told_headers
  ask POST "$workspace_messages/v1/messages" "$question"
  ask_headers=()
  words=$(own_words)
  # Which status an expired token gets differs between workspaces.
  local kind=$status
  [[ ! ${words,,} =~ invalid\ (access\ )?token ]] || kind=401
  case $kind in
    200)
      if is_an_answer; then
        found ok endpoint "$model answers"
      else
        found failed endpoint "HTTP 200, but not from a model: somebody between answers instead. It says: $words" \
          'claude-debug, and show it to your facilitator: a proxy or a log-in page stands before the workspace'
      fi ;;
    400)
      found failed endpoint "HTTP 400: $model refuses what Claude Code sends first. It says: ${words:-nothing}" \
        'show this to your facilitator: another endpoint, or another version of Claude Code' ;;
    401)
      found failed endpoint "HTTP $status: the token is not accepted${words:+. It says: $words}" \
        'claude-refresh-token' ;;
    403)
      if is_of_the_network "$words"; then
        found failed endpoint "HTTP 403: this cluster's network is refused, not your right. It says: $words" \
          'show this to your facilitator: an IP access list or a firewall'
      else
        found failed endpoint "HTTP 403: you may not query $model. It says: ${words:-nothing}" \
          'ask your facilitator for CAN_QUERY on this endpoint'
      fi ;;
    404)
      found failed endpoint "HTTP 404: the workspace has no endpoint $model. It says: ${words:-nothing}" \
        "tell your facilitator: serving.model of the plan names no endpoint" ;;
    413)
      found failed endpoint 'HTTP 413: something between here and the workspace refuses even a small request' \
        'claude-debug' ;;
    429)
      found failed endpoint \
        "HTTP 429: the endpoint is busy, everybody together asks for more than its limit${words:+. It says: $words}" \
        'wait a minute, then: check-claude' ;;
    000)
      found failed endpoint "no answer: ${problem:-no reason given}" \
        'wait a minute, then: check-claude; if it stays so: claude-debug, and show it to your facilitator' ;;
    *)
      found failed endpoint "HTTP $status: the endpoint has trouble. It says: ${words:-nothing}" \
        'wait a minute, then: check-claude; then tell your facilitator' ;;
  esac
  [ -z "$clock" ] || last_clock=$clock
}

check_proxy() {
  local proxy=${https_proxy:-${HTTPS_PROXY:-}} exempt=${no_proxy:-${NO_PROXY:-}} name=${workspace_host#*://}
  name=${name%%[:/]*}
  if [ -z "$proxy" ]; then
    found ok proxy 'none is set'
  elif [ -n "$name" ] && [[ ",$exempt," == *",$name,"* ]]; then
    found ok proxy 'set, and not used for the workspace'
  else
    exempt=${exempt:+$exempt,}$name
    found warning proxy "${proxy##*@} is used for the workspace" \
      "if the endpoint does not answer: export NO_PROXY=$exempt no_proxy=$exempt"
  fi
}
