#!/bin/sh
# Two settings: idle connections of ssh stay open, and VS Code waits for a sleeping cluster. --fix writes both.
# Read in by check.sh.
# shellcheck disable=SC2154

# What ssh would really do, whichever file says so.
stays_open() {
  ssh -G "$name" 2>/dev/null | awk '
    tolower($1) == "serveraliveinterval" && $2 >= 1 && $2 <= 120 { found = 1 }
    END { exit !found }'
}
waits_for_clusters() {
  [ -f "$settings" ] && sed 's|^[[:space:]]*//.*||' "$settings" | awk '
    match($0, /"remote\.SSH\.connectTimeout"[ \t]*:[ \t]*[0-9]+/) {
      text = substr($0, RSTART, RLENGTH)
      sub(/.*:[ \t]*/, "", text)
      seconds = text + 0
    }
    END { exit !(seconds >= 360) }'
}
fix_ssh() {
  (
    umask 077 && mkdir -p "$HOME/.ssh" &&
      printf '\n# Idle tunnels drop after some minutes without it.\nHost %s\n    ServerAliveInterval 30\n' "$name" \
        >>"$HOME/.ssh/config"
  )
}
# Keeps what is there, comments too, and a copy of it beside.
fix_vscode() {
  folder=$(dirname "$settings")
  mkdir -p "$folder" || return 1
  if [ ! -s "$settings" ]; then
    printf '{\n    "remote.SSH.connectTimeout": 360\n}\n' >"$settings"
    return
  fi
  cp -p "$settings" "$settings.before-workshop" || return 1
  with_timeout "$settings.before-workshop" >"$settings.new" && cat "$settings.new" >"$settings"
  ended=$?
  rm -f "$settings.new"
  return "$ended"
}
# with_timeout FILE: prints settings of VS Code, with the timeout in them. Fails where it does not understand the file.
with_timeout() {
  awk '
    BEGIN {
      pattern = "\"remote\\.SSH\\.connectTimeout\"[ \t]*:[ \t]*[0-9]+"
      setting = "\"remote.SSH.connectTimeout\": 360"
    }
    { lines[NR] = $0; if ($0 !~ /^[ \t\r]*\/\//) code = code $0 "\n" }
    END {
      if (code ~ pattern) {
        for (i = 1; i <= NR; i++) {
          if (lines[i] !~ /^[ \t]*\/\//) sub(pattern, setting, lines[i])
          print lines[i]
        }
        exit
      }
      # Only where the object begins on the first line that is no comment: anything else is for a person.
      if (code !~ /^[ \t\r\n]*\{/) exit 1
      tail = code ~ /^[ \t\r\n]*\{[ \t\r\n]*\}[ \t\r\n]*$/ ? "\n" : ","
      for (i = 1; i <= NR; i++) {
        if (!done && lines[i] !~ /^[ \t]*\/\// && lines[i] ~ /\{/) {
          sub(/\{/, "{\n    " setting tail, lines[i])
          done = 1
        }
        print lines[i]
      }
    }' "$1"
}

if [ "$fix" = yes ]; then
  if have ssh && ! stays_open; then
    fix_ssh && note "written: ServerAliveInterval 30 into ~/.ssh/config, for $name"
  fi
  if [ -n "$vscode" ] && ! waits_for_clusters; then
    if fix_vscode; then
      note "written: remote.SSH.connectTimeout 360 into $settings"
    else
      note "$settings could not be changed: write the line below into it yourself."
    fi
  fi
fi
missing=
if have ssh && ! stays_open; then missing='ServerAliveInterval for ssh'; fi
if [ -n "$vscode" ] && ! waits_for_clusters; then
  missing="${missing:+$missing and }\"remote.SSH.connectTimeout\": 360 in the settings of VS Code"
fi
if [ -n "$missing" ]; then
  failed settings "missing: $missing" \
    'Without them connections drop when idle, and VS Code gives up before a cluster is awake.' \
    "Type: sh $0 --workspace $workspace --name $name --fix"
elif have ssh; then
  passed settings 'idle connections stay, and VS Code waits for a sleeping cluster'
else
  untested settings 'needs ssh'
fi
