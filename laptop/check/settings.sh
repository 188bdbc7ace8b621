#!/bin/sh
# Two settings: idle connections of ssh stay open, and VS Code waits for a sleeping cluster. With --fetch-server one
# more: VS Code fetches its server on this laptop, since the clusters do not get to it. --fix writes them.
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
# Where nobody asked for it, it is no matter.
fetches_server() {
  [ "$fetch" = no ] || { [ -f "$settings" ] && sed 's|^[[:space:]]*//.*||' "$settings" |
    grep -q '"remote\.SSH\.localServerDownload"[[:space:]]*:[[:space:]]*"always"'; }
}
# Before all else in the file, since ssh takes the first value that it finds; what follows is for every host, as before.
# Fails where it is there already, and ssh does not take it.
fix_ssh() {
  config=$HOME/.ssh/config
  why='# Idle tunnels drop after some minutes without it.'
  (
    umask 077
    mkdir -p "$HOME/.ssh" || exit 1
    if [ ! -s "$config" ]; then
      printf '%s\nHost %s\n    ServerAliveInterval 30\n' "$why" "$name" >"$config"
      exit
    fi
    [ "$(head -n 2 "$config")" != "$(printf '%s\nHost %s' "$why" "$name")" ] || exit 1
    cp -p "$config" "$config.before-workshop" || exit 1
    {
      printf '%s\nHost %s\n    ServerAliveInterval 30\n\nHost *\n' "$why" "$name"
      cat "$config.before-workshop"
    } >"$config"
  )
}
# Keeps what is there, comments too, and a copy of it beside.
fix_vscode() {
  folder=$(dirname "$settings")
  mkdir -p "$folder" || return 1
  if [ ! -s "$settings" ]; then
    comma=
    if [ "$fetch" = yes ]; then comma=','; fi
    {
      printf '{\n    "remote.SSH.connectTimeout": 360%s\n' "$comma"
      if [ "$fetch" = yes ]; then printf '    "remote.SSH.localServerDownload": "always"\n'; fi
      printf '}\n'
    } >"$settings"
    return
  fi
  cp -p "$settings" "$settings.before-workshop" || return 1
  longer_wait <"$settings.before-workshop" | own_download >"$settings.new"
  # Whoever does not understand it prints nothing.
  [ -s "$settings.new" ] && cat "$settings.new" >"$settings"
  ended=$?
  rm -f "$settings.new"
  return "$ended"
}
# Each passes the settings on, with one of them as it is to be. What is there already stays as it is.
longer_wait() { if waits_for_clusters; then cat; else with_setting remote.SSH.connectTimeout 360; fi; }
own_download() { if fetches_server; then cat; else with_setting remote.SSH.localServerDownload '"always"'; fi; }
# with_setting NAME VALUE: settings of VS Code, with this in them. Fails, and prints nothing, where it does not
# understand them.
with_setting() {
  awk -v name="$1" -v value="$2" '
    BEGIN {
      setting = "\"" name "\": " value
      gsub(/\./, "[.]", name)
      pattern = "\"" name "\"[ \t]*:[ \t]*([0-9]+|\"[^\"]*\")"
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
    }'
}

if [ "$fix" = yes ]; then
  if have ssh && ! stays_open; then
    if fix_ssh; then
      note "written: ServerAliveInterval 30 into ~/.ssh/config, for $name"
    else
      note "$HOME/.ssh/config could not be mended: ssh says why when you type: ssh -G $name"
    fi
  fi
  if [ -n "$vscode" ] && ! { waits_for_clusters && fetches_server; }; then
    written=
    if ! waits_for_clusters; then written='remote.SSH.connectTimeout 360'; fi
    if ! fetches_server; then written="${written:+$written and }remote.SSH.localServerDownload always"; fi
    if fix_vscode; then
      note "written: $written into $settings"
    else
      note "$settings could not be changed: write what is missing into it yourself."
    fi
  fi
fi
missing=
if have ssh && ! stays_open; then missing='ServerAliveInterval for ssh'; fi
if [ -n "$vscode" ] && ! waits_for_clusters; then
  missing="${missing:+$missing and }\"remote.SSH.connectTimeout\": 360 in the settings of VS Code"
fi
if [ -n "$vscode" ] && ! fetches_server; then
  missing="${missing:+$missing and }\"remote.SSH.localServerDownload\": \"always\" in the settings of VS Code"
fi
if [ -n "$missing" ]; then
  option=
  if [ "$fetch" = yes ]; then option=' --fetch-server'; fi
  failed settings "missing: $missing" \
    'Without them connections drop when idle, and VS Code gives up before a cluster is awake, or at its server.' \
    "Type: sh $0 --workspace $workspace --name $name$option --fix"
elif have ssh && [ "$system" = 4 ]; then
  untested settings "that of ssh is there; VS Code's is in Windows, and check.ps1 looks at it"
elif have ssh; then
  passed settings 'idle connections stay, and VS Code waits for a sleeping cluster'
else
  untested settings 'needs ssh'
fi
