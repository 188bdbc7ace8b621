#!/bin/sh
# The sign-in, and the tunnel to one's own cluster: a WebSocket through every proxy on the way. Read in by check.sh.
# shellcheck disable=SC2154

# ---- sign-in ----

sign_in="databricks auth login --host $workspace --profile $name"
# Of the profile only its host is read.
profile_host() {
  awk -v name="[$name]" '
    { sub(/\r$/, "") }
    /^[ \t]*\[/ { gsub(/^[ \t]+|[ \t]+$/, ""); here = $0 == name }
    here && /^[ \t]*host[ \t]*=/ { sub(/^[^=]*=[ \t]*/, ""); sub(/\/*[ \t]*$/, ""); print tolower($0); exit }
  ' "${DATABRICKS_CONFIG_FILE:-$HOME/.databrickscfg}" 2>/dev/null
}
sign_in_hangs() {
  if is_passed reach; then
    why="the CLI does not come back within $patience s, though the workspace answers"
    failed sign-in "$why: a keyring keeps it waiting" \
      "Type: databricks current-user me --profile $name" \
      'and look for a window that asks for the password of your keyring (keychain), perhaps behind the others.' \
      'No such window, and it still waits: type export DATABRICKS_AUTH_STORAGE=plaintext' "Then: $sign_in"
  else
    failed sign-in "the CLI does not come back within $patience s" 'Mend what is said of reach, and run this again.'
  fi
}
signed_in=no
if ! is_passed cli; then
  untested sign-in 'needs the CLI'
elif [ -z "$(profile_host)" ]; then
  failed sign-in "there is no profile $name yet" "Type: $sign_in"
elif [ "$(profile_host | sed 's|^https*://||; s|:443$||')" != "$host" ]; then
  failed sign-in "the profile $name is for another workspace: $(profile_host)" "Type: $sign_in"
else
  within "$patience" databricks current-user me --profile "$name" --output json >/dev/null 2>&1
  case $? in
    0)
      signed_in=yes
      passed sign-in "profile $name" ;;
    143) sign_in_hangs ;;
    *)
      failed sign-in 'the workspace does not accept your sign-in, or it has expired' "Type: $sign_in" \
        "If it stays so: databricks current-user me --profile $name"
      say_proxy ;;
  esac
fi

# ---- the tunnel ----

blocked='A proxy that blocks WebSocket does this:'
blocked="$blocked ask the network people of your letter to let wss:// to the workspace through."

# What databricks ssh lets in at once; the eleventh gets "Maximum clients reached", of which its CLI shows nothing.
most_connections=10
too_many="A cluster takes $most_connections at once: close some, on all your laptops;"
too_many="$too_many each window of VS Code counts several."
# How many ssh has open to this cluster, from this laptop: it starts a CLI for each.
open_here() {
  ps -A -ww -o args 2>/dev/null | awk -v cluster="$cluster" '
    / ssh connect / && /--proxy/ && index($0, cluster) && $1 !~ /(^|\/)(ssh|sh)$/ { count += 1 }
    END { print count + 0 }'
}

tunnel_untested() { untested tunnel "$1"; untested check-claude "$1"; }
# tunnel_failed WHAT-SSH-SAID
tunnel_failed() {
  # The CLI's own words; what ssh says after them is the same for every cause.
  why=$(printf '%s\n' "$1" | grep '^Error: ' | tail -n 1)
  [ -n "$why" ] || why=$(printf '%s\n' "$1" | grep -v '^Connection closed by' | tail -n 1)
  failed tunnel 'the connection to your cluster fails' "Type: ssh -v $name true" "$(printf %s "$why" | cut -c 1-300)"
  here=$(open_here)
  case $1 in
    *'Maximum clients'*) note "$too_many" ;;
    *handshake*)
      if [ "$here" -ge "$most_connections" ]; then
        note "$here connections to it are open on this laptop. $too_many"
      else
        note "$blocked"
        note "More than $most_connections connections to one cluster do it, too. $too_many"
      fi ;;
    *'Host key verification failed'*) note "Type: ssh-keygen -R $cluster; ssh-keygen -R $name" ;;
    *//github.com/*)
      why='The first connection loads two archives from GitHub:'
      note "$why ask the network people of your letter to let github.com through." ;;
    *) note "$blocked" ;;
  esac
  untested check-claude 'needs the tunnel'
}
# Connects, and has the cluster check itself. It may have to wake first.
check_tunnel() {
  limit=180
  if [ "$state" != RUNNING ]; then
    note 'Your cluster wakes up; this takes some minutes.'
    limit=900
  fi
  said=$(within "$limit" ssh -o BatchMode=yes "$name" check-claude 2>&1)
  code=$?
  case $code in
    255) tunnel_failed "$said" ;;
    143)
      failed tunnel 'the connection to your cluster stays silent' "Type: ssh -v $name true" "$blocked"
      untested check-claude 'needs the tunnel' ;;
    0)
      passed tunnel "$name"
      passed check-claude 'Claude Code answers on your cluster' ;;
    127)
      passed tunnel "$name"
      failed check-claude 'there is no check-claude on your cluster' \
        "Type: ssh $name cat /tmp/init-script-claude.log" 'Send what it prints to us.' ;;
    *)
      passed tunnel "$name"
      failed check-claude "it ends with $code" "Type: ssh $name check-claude" ;;
  esac
}

cluster=
if have ssh; then
  cluster=$(ssh -G "$name" 2>/dev/null |
    sed -n 's/^proxycommand .*--cluster[= ]"*\([0-9A-Za-z-]*\).*/\1/p' | head -n 1)
fi
if [ "$signed_in" = no ]; then
  tunnel_untested 'needs a sign-in'
elif [ -z "$cluster" ]; then
  tunnel_untested "ssh knows no $name yet: type the line \"databricks ssh setup ...\" of your letter when you have it"
else
  state=$(within "$patience" databricks clusters get "$cluster" --profile "$name" --output json 2>/dev/null |
    sed -n 's/.*"state"[[:space:]]*:[[:space:]]*"\([A-Z]*\)".*/\1/p' | head -n 1)
  if [ -z "$state" ]; then
    tunnel_untested "your cluster $cluster is not there, or not yours: write to us"
  elif [ "$state" != RUNNING ] && [ "$wake" = no ]; then
    tunnel_untested "your cluster is not running ($state): run this again with --wake, which takes some minutes"
  else
    check_tunnel
  fi
fi
