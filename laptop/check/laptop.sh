#!/bin/sh
# How a check says what it found, and what kind of laptop this is. Read in by check.sh; the parts share variables.
# shellcheck disable=SC2034,SC2154

results=' '
failures=0
warnings=0
passed() { results="$results$1=1 "; printf 'ok          %-13s %s\n' "$1" "$2"; }
# failed CHECK WHY WHAT-TO-TYPE...
failed() {
  results="$results$1=2 "
  failures=$((failures + 1))
  printf 'FAILED      %-13s %s\n' "$1" "$2"
  shift 2
  for line in "$@"; do note "$line"; done
}
# warned WHAT WHY WHAT-TO-DO...: no check, and no part of the code.
warned() {
  warnings=$((warnings + 1))
  printf 'WARNING     %-13s %s\n' "$1" "$2"
  shift 2
  for line in "$@"; do note "$line"; done
}
untested() { results="$results$1=0 "; printf 'not tested  %-13s %s\n' "$1" "$2"; }
note() { printf '            %-13s %s\n' '' "$1"; }
is_passed() { case $results in *" $1=1 "*) return 0 ;; *) return 1 ;; esac; }
have() { command -v "$1" >/dev/null 2>&1; }

# within SECONDS COMMAND...: macOS has no timeout(1). Ends with 143 when the time is up.
within() {
  seconds=$1
  shift
  "$@" </dev/null &
  command=$!
  (
    trap 'kill "$nap" 2>/dev/null; exit 0' TERM
    sleep "$seconds" &
    nap=$!
    wait "$nap"
    kill "$command" 2>/dev/null
  ) >/dev/null 2>&1 &
  watch=$!
  wait "$command" 2>/dev/null
  code=$?
  kill "$watch" 2>/dev/null
  wait "$watch" 2>/dev/null
  return "$code"
}

# The numbers are those of the code.
case $(uname -s) in
  Darwin) system=1 ;;
  Linux) case $(uname -r) in *[Mm]icrosoft*) system=4 ;; *) system=2 ;; esac ;;
  MINGW* | MSYS* | CYGWIN*) wrong 'This is Windows: use check.ps1, in PowerShell.' ;;
  *) system=0 ;;
esac
if [ "$system" = 1 ]; then
  install_cli='brew tap databricks/tap && brew install databricks'
  upgrade_cli='brew update && brew upgrade databricks'
  settings="$HOME/Library/Application Support/Code/User/settings.json"
else
  install_cli='curl -fsSL https://raw.githubusercontent.com/databricks/setup-cli/main/install.sh | sudo sh'
  upgrade_cli="sudo rm -f \"\$(command -v databricks)\" && $install_cli"
  settings="${XDG_CONFIG_HOME:-$HOME/.config}/Code/User/settings.json"
fi

if [ "$system" = 4 ]; then
  warned wsl 'this is Linux inside Windows (WSL), and VS Code runs in Windows' \
    "It takes Windows' own ssh, databricks CLI and sign-in, and the config and known_hosts of Windows, not these." \
    'Run check.ps1 in PowerShell, too. What is said here is true of ssh in this terminal.'
fi

# What the environment says wins over a profile, in the CLI that ssh starts, too. Here the profile of the letter alone
# is asked. Of the values only an address and a name are read.
elsewhere=
strangers=
for each in HOST CONFIG_PROFILE TOKEN CLIENT_ID CLIENT_SECRET USERNAME PASSWORD AUTH_TYPE ACCOUNT_ID; do
  eval "is_set=\${DATABRICKS_$each:+yes}"
  case $each in
    HOST) is_ours=${DATABRICKS_HOST-}; is_ours=${is_ours#*://}; is_ours=${is_ours%%/*}; right=$host ;;
    CONFIG_PROFILE) is_ours=${DATABRICKS_CONFIG_PROFILE-}; right=$name ;;
    *) is_ours=; right=other ;;
  esac
  if [ -n "$is_set" ] && [ "$(printf %s "$is_ours" | tr '[:upper:]' '[:lower:]')" != \
    "$(printf %s "$right" | tr '[:upper:]' '[:lower:]')" ]; then
    strangers="$strangers DATABRICKS_$each"
    [ "$each" != HOST ] || elsewhere=", another workspace's address"
  fi
  unset "DATABRICKS_$each"
done
if [ -n "$strangers" ]; then
  warned environment "set in this terminal$elsewhere:$strangers" \
    'They win over the profile of your letter, also for ssh, and for VS Code when it is started from here.' \
    "Type: unset$strangers" 'Then take out what sets them: look in ~/.zshrc, ~/.bashrc and ~/.profile.'
fi

# Seconds that a call of the CLI may take, which a locked keyring keeps waiting for ever.
patience=${WORKSHOP_PATIENCE-60}
case $patience in '' | *[!0-9]*) patience=60 ;; esac

# The CLI, ssh and this script read a proxy from the environment; none of them asks macOS for it.
proxy=0
if [ -n "${HTTPS_PROXY-}${https_proxy-}" ]; then
  proxy=1
elif [ "$system" = 1 ] && scutil --proxy 2>/dev/null | grep -Eq '(HTTPSEnable|ProxyAutoConfigEnable) : 1'; then
  proxy=2
fi
say_proxy() {
  if [ "$proxy" = 2 ]; then
    unknown='Your Mac has a proxy that the CLI does not know.'
    note "$unknown Ask the network people of your letter for its address, then type:"
    note 'export HTTPS_PROXY=http://<proxy>:<port>'
  fi
}
