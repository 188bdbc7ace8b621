#!/bin/sh
# Is this laptop ready for the workshop? For macOS and Linux, any POSIX shell; check.ps1 is its twin for Windows.
# It changes nothing without --fix, sends nothing but ordinary requests to the workspace, and neither reads nor prints a
# token. The code at its end is read by src/domain/papers/laptop-evidence.ts, which says what each sign of it means.
# Attendees get it as one file: src/activities/messages/laptop-checks.ts puts the parts in check/ where they are read.
set -u
export LC_ALL=C

help() {
  cat <<'END'
sh check.sh --workspace https://adb-123.4.azuredatabricks.net --name workshop-spring-apps [--cli 1.8.0] [--fix] [--wake]
            [--app https://... | --no-apps] [--fetch-server]

  --workspace  address of the workspace, from your letter
  --name       your profile and ssh alias, from your letter
  --cli        the version of the databricks CLI that is wanted; without it 0.269.0 or later will do
  --fix        write ServerAliveInterval into ~/.ssh/config and remote.SSH.connectTimeout into the settings of VS Code
  --app        address of an app of this workspace, to test the way to it; without it one that is not there is asked for
  --no-apps    nobody makes apps in this workshop: do not ask whether their host is reached
  --fetch-server  clusters do not get to where VS Code's server lies: want remote.SSH.localServerDownload always, too
  --wake       wake your cluster if it sleeps, to test the tunnel to it; takes some minutes

Exit code 0: nothing failed. 1: something did; the line below it says what to type. 2: wrong options.
END
}

workspace=${WORKSHOP_WORKSPACE-}
name=${WORKSHOP_NAME-}
wanted=${WORKSHOP_CLI-}
app=${WORKSHOP_APP-}
asks_apps=yes
fetch=no
fix=no
wake=no
wrong() { printf '%s\nTry: sh check.sh --help\n' "$1" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) help; exit 0 ;;
    --fix) fix=yes; shift ;;
    --wake) wake=yes; shift ;;
    --no-apps) asks_apps=no; shift ;;
    --fetch-server) fetch=yes; shift ;;
    --workspace | --name | --cli | --app)
      [ $# -ge 2 ] || wrong "$1 needs a value."
      case $1 in --workspace) workspace=$2 ;; --name) name=$2 ;; --cli) wanted=$2 ;; --app) app=$2 ;; esac
      shift 2 ;;
    *) wrong "$1 is no option." ;;
  esac
done
if [ -z "$workspace" ] || [ -z "$name" ]; then wrong 'Give --workspace and --name as they are in your letter.'; fi
case $workspace in
  https://* | http://127.0.0.1:* | http://localhost:*) ;;
  *) wrong "$workspace is not the address of a workspace: it begins with https://" ;;
esac
# Nothing that could be read as an option, or as a pattern in ~/.ssh/config.
case $name in
  -* | *[!A-Za-z0-9._-]*) wrong "$name is not a name as in your letter: letters, digits, dots and dashes." ;;
esac
case $wanted in *[!0-9.]*) wrong "$wanted is not a version like 1.8.0." ;; esac
app=${app#https://}
case $app in *://*) ;; *) app=${app%%/*} ;; esac
case $app in -* | *[!A-Za-z0-9.:-]*) wrong "$app is not the address of an app: it begins with https://" ;; esac

host=${workspace#*://}
host=$(printf %s "${host%%/*}" | tr '[:upper:]' '[:lower:]')
case $workspace in https://*) host=${host%:443} ;; esac
case $workspace in http://*) workspace=http://$host ;; *) workspace=https://$host ;; esac

# shellcheck source=laptop/check/laptop.sh
. "$(dirname "$0")/check/laptop.sh"
# shellcheck source=laptop/check/programs.sh
. "$(dirname "$0")/check/programs.sh"
# shellcheck source=laptop/check/settings.sh
. "$(dirname "$0")/check/settings.sh"
# shellcheck source=laptop/check/network.sh
. "$(dirname "$0")/check/network.sh"
# shellcheck source=laptop/check/apps.sh
. "$(dirname "$0")/check/apps.sh"
# shellcheck source=laptop/check/cluster.sh
. "$(dirname "$0")/check/cluster.sh"
# shellcheck source=laptop/check/code.sh
. "$(dirname "$0")/check/code.sh"

echo
if [ "$failures" -gt 0 ]; then
  echo "$failures failed: do what the lines below FAILED say, and run this again."
else
  echo 'Nothing failed.'
fi
if [ "$warnings" -gt 0 ]; then echo "$warnings to look at: the lines that begin with WARNING."; fi
echo "Your code, for whoever asked you to test: $(printf %s "$code" | sed 's/..../&-/g; s/-$//')"
[ "$failures" -eq 0 ]
