#!/usr/bin/env bash
# Installs Claude Code and the workshop's helper commands on a cluster while it boots: a cluster-scoped init script in a
# Unity Catalog volume, run as root with the attendee's rights to volumes. Idempotent. What it installs lies in the same
# volume, where `bin/workshop bundle` puts it. DATABRICKS_HOST and DATABRICKS_TOKEN do not exist here.
#
# Settings, from the cluster's spark_env_vars, each with the plan's own default:
#   WORKSHOP_SCRIPTS          the volume that this script and its bundle lie in
#   WORKSHOP_CLAUDE_VERSION   which Claude Code
#   WORKSHOP_HOST             the workspace; without it shells take DATABRICKS_HOST
#   WORKSHOP_MODEL            the serving endpoint
#   WORKSHOP_GATEWAY          which address of the workspace it is asked at: serving-endpoints, or ai-gateway
#   WORKSHOP_CLAUDE_SETTINGS  Claude Code's settings of the plan, in base64; without it lib/claude-settings.json
#   WORKSHOP_USER             whose cluster this is; without it the first shell asks the workspace
#   WORKSHOP_ID, WORKSHOP_APP_LIMIT, WORKSHOP_FACILITATOR
#                             which workshop, how many apps its workspace holds, and who is asked: for deploy-app
#   WORKSHOP_LOGS             a volume that gets a copy of the log: the local one dies with a failed cluster
#   WORKSHOP_NPM_REGISTRY     where Claude Code may be fetched from when the bundle lacks it; without it nothing is
#                             fetched
#
# Exit status, which is all that a failed launch is sure to tell
# (src/domain/replayed/diagnosis/init-script-exit.ts knows them too):
#   0 installed                     20 no bundle          21 wrong checksum     22 disk full
#   23 Claude Code does not start   24 not a node for this
#   1 anything else; the last line says what
set -Eeuo pipefail
umask 022

PINNED_VERSION=2.1.197
PINNED_SHA256=42b12aa7a1d57d9f48b49acecca37643a81528ad873629e0fc5f043730621b14

scripts=${WORKSHOP_SCRIPTS:-/Volumes/main/default/init_scripts}
version=${WORKSHOP_CLAUDE_VERSION:-$PINNED_VERSION}
host=${WORKSHOP_HOST:-}
model=${WORKSHOP_MODEL:-databricks-claude-sonnet-4-6}
gateway=${WORKSHOP_GATEWAY:-serving-endpoints}
person=${WORKSHOP_USER:-}
logs=${WORKSHOP_LOGS:-}
registry=${WORKSHOP_NPM_REGISTRY:-}

home=${HOME:-/root}
log=/tmp/init-script-claude.log
tools=/opt/claude-workshop
archive=claude-code-linux-x64-$version.tgz
bundle=$scripts/claude-code/$version
# 250 MB of program, 80 MB of archive, and some air.
needed_kib=750000
began=$SECONDS

say() {
  local line
  line="$(date -u +%Y-%m-%dT%H:%M:%SZ) +$((SECONDS - began))s $*"
  printf '%s\n' "$line"
  printf '%s\n' "$line" >>"$log" || true
}

# The last line on stderr is what a failed launch shows.
fail() {
  local status=$1
  shift
  say "FAILED ($status): $*"
  printf '%s\n' "$*" >&2
  trap - ERR
  exit "$status"
}

# The volume is written through FUSE, which may hang or refuse.
copy_log() {
  [ -n "$logs" ] || return 0
  local folder="$logs/${DB_CLUSTER_ID:-unknown-cluster}"
  if ! { timeout 20 mkdir -p "$folder" && timeout 20 cp "$log" "$folder/init-script-claude.log"; } 2>/dev/null; then
    say "no copy of this log in $folder"
  fi
}

free_kib() { df -Pk "$1" | { read -r _; read -r _ _ _ free _; echo "$free"; }; }

staging=
at_exit() {
  [ -z "$staging" ] || rm -rf "$staging"
  copy_log
}
trap at_exit EXIT
# A substitution that fails is reported by what it is part of.
trap '[ "$BASH_SUBSHELL" -gt 0 ] || fail 1 "install-claude-code.sh stopped at line $LINENO: $BASH_COMMAND"' ERR

# An optional part: what goes wrong is said, and stops nothing. In the background, because -e has no effect under `if`.
optional() {
  local what=$1 status=0
  shift
  ( trap - EXIT; trap 'exit 1' ERR; "$@" ) >>"$log" 2>&1 &
  wait $! || status=$?
  if [ "$status" -eq 0 ]; then
    say "$what: done"
  else
    say "$what: left out (it ended with $status; the lines above say why)"
  fi
}

check_node() {
  local found free
  found=$(uname -sm)
  [ "$found" = 'Linux x86_64' ] ||
    fail 24 "Claude Code is bundled for Linux on x86_64, and this node is $found. Choose another node type in the plan."
  [ "$(id -u)" = 0 ] || [ "$(id -un 2>/dev/null)" = root ] ||
    fail 24 'This script must be root: it is meant to be a cluster-scoped init script.'
  [[ $version =~ ^[0-9A-Za-z.+-]{1,60}$ ]] || fail 24 "WORKSHOP_CLAUDE_VERSION is no version: $version"
  [[ $model =~ ^[A-Za-z0-9_.-]{1,100}$ ]] || fail 24 "WORKSHOP_MODEL is no endpoint name: $model"
  [[ $gateway =~ ^(serving-endpoints|ai-gateway)$ ]] || fail 24 "WORKSHOP_GATEWAY is none: $gateway"
  [[ -z $host || $host =~ ^https?://[A-Za-z0-9.:-]{1,200}$ ]] ||
    fail 24 "WORKSHOP_HOST is no address of a workspace: $host"
  free=$(free_kib /opt)
  [ "$free" -ge "$needed_kib" ] || fail 22 \
    "The disk of this node is full: $((free / 1024)) MiB are free on /opt, and Claude Code needs" \
    "$((needed_kib / 1024)). Choose a node type with a larger disk."
}

# Volumes may show up a little late while a cluster boots.
await_volume() {
  local pause
  for pause in 1 2 4 8 10; do
    timeout 20 test -d "$scripts" && return 0
    say "waiting for $scripts"
    sleep "$pause"
  done
  fail 20 "The volume folder $scripts is not there, or this cluster's user may not read it." \
    'They need USE CATALOG, USE SCHEMA and READ VOLUME, and WORKSHOP_SCRIPTS must name it.'
}

# verified FILE TO SUM: copies a file from the volume; 1 when it is not there, 2 when its content is not what SUM says.
verified() {
  local from=$1 to=$2 sum=$3 pause
  for pause in 1 3 0; do
    [ -r "$from" ] || return 1
    timeout 90 cp "$from" "$to" || { full_or "cannot copy $from"; }
    if [ "$(sha256sum "$to" | cut -d' ' -f1)" = "$sum" ]; then return 0; fi
    say "$from does not have the checksum $sum"
    sleep "$pause"
  done
  return 2
}

# Most things that fail here fail for want of room.
full_or() {
  local free
  free=$(free_kib /opt)
  [ "$free" -ge 1024 ] ||
    fail 22 "The disk of this node is full: /opt has $free KiB left. Choose a node type with a larger disk."
  fail 1 "$1"
}

sum_in() { sed -n "s/^\([0-9a-f]\{64\}\)[ *]*$2\$/\1/p" "$1" | head -n 1; }

install_tools() {
  local sums=$scripts/on-cluster.sha256 packed=$scripts/on-cluster.tar.gz sum='' status=0 pause
  for pause in 1 2 0; do
    [ -r "$sums" ] && sum=$(sum_in "$sums" on-cluster.tar.gz)
    [ -z "$sum" ] || break
    sleep "$pause"
  done
  [ -n "$sum" ] || fail 20 "The bundle is missing: $sums is not there. Type: bin/workshop bundle PLAN"
  verified "$packed" "$staging/on-cluster.tar.gz" "$sum" || status=$?
  [ "$status" -ne 1 ] || fail 20 "The bundle is missing: $packed is not there. Type: bin/workshop bundle PLAN"
  [ "$status" -ne 2 ] ||
    fail 21 "The checksum of $packed is wrong: it was changed, or half uploaded. Type: bin/workshop bundle PLAN"
  mkdir "$staging/tools"
  tar -xzf "$staging/on-cluster.tar.gz" --no-same-owner -C "$staging/tools" || full_or "$packed cannot be unpacked"
  rm -rf "$tools.old"
  # What lay in the home folder the first time: what was added since is somebody's work.
  [ ! -e "$tools/untouched-home.json" ] || cp "$tools/untouched-home.json" "$staging/tools/"
  [ ! -e "$tools" ] || mv "$tools" "$tools.old"
  mv "$staging/tools" "$tools"
  rm -rf "$tools.old"
  mkdir -p /usr/local/bin
  local command
  for command in "$tools"/bin/*; do ln -sfn "$command" "/usr/local/bin/${command##*/}"; done
}

# For the version that this script pins nobody else's word counts.
expected_sum() {
  if [ "$version" = "$PINNED_VERSION" ]; then printf '%s' "$PINNED_SHA256"
  elif [ -r "$bundle/SHA256SUMS" ]; then sum_in "$bundle/SHA256SUMS" "$archive"; fi
}

fetch_from_npm() {
  local url="${registry%/}/@anthropic-ai/claude-code-linux-x64/-/$archive" pause
  for pause in 2 5 10 0; do
    say "fetching $url"
    if curl -fsSL --connect-timeout 10 --max-time 60 -o "$staging/$archive" "$url"; then
      [ "$(sha256sum "$staging/$archive" | cut -d' ' -f1)" = "$1" ] && return 0
      fail 21 "The checksum of $url is wrong. Nothing of it was run. Stage a bundle instead: bin/workshop bundle PLAN"
    fi
    sleep "$pause"
  done
  return 1
}

unpack_claude() {
  local target=$1 sum=$2 status=0 missing
  missing="The bundle of Claude Code $version is missing: $bundle has no $archive with its SHA256SUMS."
  missing="$missing Type: bin/workshop bundle PLAN"
  [ -n "$sum" ] || fail 20 "$missing"
  verified "$bundle/$archive" "$staging/$archive" "$sum" || status=$?
  [ "$status" -ne 2 ] || fail 21 "The checksum of $bundle/$archive is wrong: it was changed, or half uploaded." \
    'Nothing of it was run. Type: bin/workshop bundle PLAN'
  if [ "$status" -eq 1 ]; then
    [ -n "$registry" ] || fail 20 "$missing"
    fetch_from_npm "$sum" || fail 20 "$missing. It could not be fetched from $registry either."
  fi
  mkdir "$staging/claude"
  tar -xzf "$staging/$archive" --no-same-owner -C "$staging/claude" --strip-components=1 package/claude ||
    full_or "$archive cannot be unpacked"
  chmod 755 "$staging/claude/claude"
  printf '%s\n' "$sum" >"$staging/claude/.sha256"
  mkdir -p /opt/claude-code
  rm -rf "$target"
  mv "$staging/claude" "$target"
}

install_claude() {
  local target=/opt/claude-code/$version sum said
  sum=$(expected_sum)
  if [ -n "$sum" ] && [ -x "$target/claude" ] && [ "$(cat "$target/.sha256" 2>/dev/null)" = "$sum" ]; then
    say "Claude Code $version is installed already"
  else
    unpack_claude "$target" "$sum"
  fi
  ln -sfn "$target/claude" /usr/local/bin/claude
  said=$(timeout 60 env HOME="$staging" DISABLE_AUTOUPDATER=1 "$target/claude" --version 2>&1) ||
    fail 23 "Claude Code $version does not start on this node: ${said:-it says nothing}"
  case $said in
    *"$version"*) say "Claude Code $said" ;;
    *) fail 23 "Claude Code calls itself \"$said\", not $version." ;;
  esac
}

prepare_vscode() { "$tools/bin/claude-vscode-setup" --settings-only; }
note_untouched_home() { HOME=$home timeout 60 "$tools/bin/save-work" --mark; }
prepare_work_folder() { HOME=$home timeout 30 "$tools/lib/work-folder"; }

: >"$log" || true
say "init script on ${DB_CLUSTER_NAME:-a cluster without a name} (${DB_CLUSTER_ID:-no id})," \
  "driver: ${DB_IS_DRIVER:-unknown}, node type: ${DB_INSTANCE_TYPE:-unknown}, $(uname -sr)"
if [ "${DB_IS_DRIVER:-TRUE}" = FALSE ]; then
  say "not the driver: nothing to do"
  exit 0
fi
check_node
staging=$(mktemp -d /opt/.claude-workshop.XXXXXX)
await_volume
install_tools
say "helper commands installed"
# shellcheck source=init-scripts/lib/claude-settings.sh
. "$tools/lib/claude-settings.sh"
install_claude
write_settings
reach_every_shell
say "settings written"
optional "work folder" prepare_work_folder
optional "wheels for the exercise" stage_wheels
optional "Claude Code's first questions" prepare_claude_screen
optional "settings for VS Code" prepare_vscode
optional "what is in the home folder" note_untouched_home
say "done in $((SECONDS - began)) s"
