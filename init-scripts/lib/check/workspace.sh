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

check_endpoint() {
  local model=$workspace_model words
  local messages='[{"role": "user", "content": "ping"}]' question
  question="{\"model\": \"$model\", \"max_tokens\": 1, \"messages\": $messages}"
  ask POST /serving-endpoints/anthropic/v1/messages "$question"
  words=$(field message)
  case $status in
    200) found ok endpoint "$model answers" ;;
    400) found ok endpoint "$model answers (HTTP 400: ${words:-it does not like this question})" ;;
    401) found failed endpoint 'HTTP 401: the token is not accepted' 'claude-refresh-token' ;;
    403)
      found failed endpoint "HTTP 403: you may not query $model" \
        'ask your facilitator for CAN_QUERY on this endpoint' ;;
    404)
      found failed endpoint "HTTP 404: the workspace has no endpoint $model" \
        "tell your facilitator: serving.model of the plan names no endpoint" ;;
    413)
      found failed endpoint 'HTTP 413: something between here and the workspace refuses even a small request' \
        'claude-debug' ;;
    429)
      found failed endpoint 'HTTP 429: the endpoint is busy, everybody together asks for more than its limit' \
        'wait a minute, then: check-claude' ;;
    000)
      found failed endpoint "no answer: ${problem:-no reason given}" \
        'wait a minute, then: check-claude; if it stays so: claude-debug, and show it to your facilitator' ;;
    *)
      found failed endpoint "HTTP $status: the endpoint has trouble. ${words:0:200}" \
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
