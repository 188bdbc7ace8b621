#!/bin/sh
# Is this laptop ready for the workshop? For macOS and Linux, any POSIX shell; check.ps1 is its twin for Windows.
# It changes nothing without --fix, sends nothing but ordinary requests to the workspace, and neither reads nor prints a token.
# The code at its end is read by src/domain/papers/laptop-evidence.ts, which says what each sign of it means.
set -u
export LC_ALL=C

help() {
  cat <<'END'
sh check.sh --workspace https://adb-123.4.azuredatabricks.net --name workshop-spring-apps [--cli 1.8.0] [--fix] [--wake]

  --workspace  address of the workspace, from your letter
  --name       your profile and ssh alias, from your letter
  --cli        the version of the databricks CLI that is wanted; without it 0.269.0 or later will do
  --fix        write ServerAliveInterval into ~/.ssh/config and remote.SSH.connectTimeout into the settings of VS Code
  --wake       wake your cluster if it sleeps, to test the tunnel to it; takes some minutes

Exit code 0: nothing failed. 1: something did; the line below it says what to type. 2: wrong options.
END
}

workspace=${WORKSHOP_WORKSPACE-}
name=${WORKSHOP_NAME-}
wanted=${WORKSHOP_CLI-}
fix=no
wake=no
wrong() { printf '%s\nTry: sh check.sh --help\n' "$1" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) help; exit 0 ;;
    --fix) fix=yes; shift ;;
    --wake) wake=yes; shift ;;
    --workspace | --name | --cli)
      [ $# -ge 2 ] || wrong "$1 needs a value."
      case $1 in --workspace) workspace=$2 ;; --name) name=$2 ;; --cli) wanted=$2 ;; esac
      shift 2 ;;
    *) wrong "$1 is no option." ;;
  esac
done
if [ -z "$workspace" ] || [ -z "$name" ]; then wrong 'Give --workspace and --name as they are in your letter.'; fi
case $workspace in https://* | http://127.0.0.1:* | http://localhost:*) ;; *) wrong "$workspace is not the address of a workspace: it begins with https://" ;; esac
# Nothing that could be read as an option, or as a pattern in ~/.ssh/config.
case $name in -* | *[!A-Za-z0-9._-]*) wrong "$name is not a name as in your letter: letters, digits, dots and dashes." ;; esac
case $wanted in *[!0-9.]*) wrong "$wanted is not a version like 1.8.0." ;; esac

host=${workspace#*://}
host=$(printf %s "${host%%/*}" | tr '[:upper:]' '[:lower:]')
case $workspace in https://*) host=${host%:443} ;; esac
case $workspace in http://*) workspace=http://$host ;; *) workspace=https://$host ;; esac

# ---- what is said ----

results=' '
failures=0
passed() { results="$results$1=1 "; printf 'ok          %-13s %s\n' "$1" "$2"; }
# failed CHECK WHY WHAT-TO-TYPE...
failed() {
  results="$results$1=2 "
  failures=$((failures + 1))
  printf 'FAILED      %-13s %s\n' "$1" "$2"
  shift 2
  for line in "$@"; do printf '            %-13s %s\n' '' "$line"; done
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

# ---- the laptop ----

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

# `code` is often not on the PATH of a Mac.
vscode=
for each in code "/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code" "$HOME/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code"; do
  if [ -z "$vscode" ] && have "$each"; then vscode=$each; fi
done

# The CLI, ssh's and ours: none of them asks macOS for its proxy, all of them read the environment.
proxy=0
if [ -n "${HTTPS_PROXY-}${https_proxy-}" ]; then
  proxy=1
elif [ "$system" = 1 ] && scutil --proxy 2>/dev/null | grep -Eq '(HTTPSEnable|ProxyAutoConfigEnable) : 1'; then
  proxy=2
fi
say_proxy() {
  if [ "$proxy" = 2 ]; then
    note 'Your Mac has a proxy that the CLI does not know. Ask the network people of your letter for its address, then type:'
    note 'export HTTPS_PROXY=http://<proxy>:<port>'
  fi
}

# ---- databricks CLI ----

major=0 minor=0 patch=0
# at_least VERSION: whether the CLI is that old at least.
at_least() {
  printf '%s.%s.%s\n%s\n' "$major" "$minor" "$patch" "$1" | awk -F. '
    NR == 1 { for (i = 1; i <= 3; i++) is[i] = $i + 0 }
    NR == 2 { for (i = 1; i <= 3; i++) if (is[i] != $i + 0) exit !(is[i] > $i + 0) }'
}
if have databricks; then
  version=$(within 20 databricks --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
  if [ -z "$version" ]; then
    failed cli 'databricks is there, and does not say its version' 'Type: databricks --version' "What it prints belongs into your message to us. To install it anew: $install_cli"
    untested version 'needs the CLI'
  else
    IFS=. read -r major minor patch <<END
$version
END
    passed cli "$(command -v databricks)"
    if ! at_least 0.200.0; then
      failed version "$version is the old CLI, of Python, which has no ssh" 'Type: pip uninstall databricks-cli' "Then: $install_cli"
    elif ! at_least 0.269.0; then
      failed version "$version is too old: databricks ssh needs 0.269.0 or later" "Type: $upgrade_cli"
    elif [ -n "$wanted" ] && [ "$version" != "$wanted" ]; then
      failed version "$version, and $wanted is prepared on the clusters: with another one your first connection loads two archives from GitHub" \
        "Type: curl -fsSL https://raw.githubusercontent.com/databricks/setup-cli/v$wanted/install.sh | sudo sh"
    else
      passed version "$version"
    fi
  fi
else
  failed cli 'there is no databricks CLI on the PATH of this terminal' "Type: $install_cli" 'Then open a new terminal and run this again.'
  untested version 'needs the CLI'
fi

# ---- ssh and VS Code ----

if have ssh && ssh_version=$(ssh -V 2>&1); then
  passed ssh "$ssh_version"
elif [ "$system" = 1 ]; then
  failed ssh 'there is no ssh on the PATH, though macOS brings one' 'Type: export PATH=/usr/bin:/bin:/usr/sbin:/sbin   and open a new terminal if that helps.'
else
  failed ssh 'there is no ssh' 'Type: sudo apt-get install openssh-client   (Fedora: sudo dnf install openssh-clients)'
fi

if [ -n "$vscode" ]; then
  passed vscode "$(within 30 "$vscode" --version 2>/dev/null | head -n 1)"
  if within 60 "$vscode" --list-extensions 2>/dev/null | grep -qix ms-vscode-remote.remote-ssh; then
    passed remote-ssh 'ms-vscode-remote.remote-ssh'
  else
    failed remote-ssh 'VS Code lacks the extension Remote - SSH' "Type: \"$vscode\" --install-extension ms-vscode-remote.remote-ssh"
  fi
else
  failed vscode 'Visual Studio Code is not there' 'Install it from https://code.visualstudio.com, start it once, and run this again.'
  untested remote-ssh 'needs VS Code'
fi

# What ssh would really do, whichever file says so.
alive() { ssh -G "$name" 2>/dev/null | awk 'tolower($1) == "serveraliveinterval" && $2 >= 1 && $2 <= 120 { found = 1 } END { exit !found }'; }
patient() {
  [ -f "$settings" ] && sed 's|^[[:space:]]*//.*||' "$settings" |
    awk 'match($0, /"remote\.SSH\.connectTimeout"[ \t]*:[ \t]*[0-9]+/) { text = substr($0, RSTART, RLENGTH); sub(/.*:[ \t]*/, "", text); seconds = text + 0 } END { exit !(seconds >= 360) }'
}
fix_ssh() {
  (umask 077 && mkdir -p "$HOME/.ssh" && printf '\n# Idle tunnels drop after some minutes without it.\nHost %s\n    ServerAliveInterval 30\n' "$name" >>"$HOME/.ssh/config")
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
  awk '
    { lines[NR] = $0; if ($0 !~ /^[ \t\r]*\/\//) code = code $0 "\n" }
    END {
      if (code ~ /"remote\.SSH\.connectTimeout"[ \t]*:[ \t]*[0-9]+/) {
        for (i = 1; i <= NR; i++) {
          if (lines[i] !~ /^[ \t]*\/\//) sub(/"remote\.SSH\.connectTimeout"[ \t]*:[ \t]*[0-9]+/, "\"remote.SSH.connectTimeout\": 360", lines[i])
          print lines[i]
        }
        exit
      }
      # Only where the object begins on the first line that is no comment: anything else is for a person.
      if (code !~ /^[ \t\r\n]*\{/) exit 1
      empty = code ~ /^[ \t\r\n]*\{[ \t\r\n]*\}[ \t\r\n]*$/
      for (i = 1; i <= NR; i++) {
        if (!done && lines[i] !~ /^[ \t]*\/\// && lines[i] ~ /\{/) {
          sub(/\{/, "{\n    \"remote.SSH.connectTimeout\": 360" (empty ? "\n" : ","), lines[i])
          done = 1
        }
        print lines[i]
      }
    }' "$settings.before-workshop" >"$settings.new" && cat "$settings.new" >"$settings"
  ended=$?
  rm -f "$settings.new"
  return "$ended"
}
if [ "$fix" = yes ]; then
  if have ssh && ! alive; then fix_ssh && note "written: ServerAliveInterval 30 into ~/.ssh/config, for $name"; fi
  if [ -n "$vscode" ] && ! patient; then
    if fix_vscode; then note "written: remote.SSH.connectTimeout 360 into $settings"; else note "$settings could not be changed: write the line below into it yourself."; fi
  fi
fi
missing=
if have ssh && ! alive; then missing='ServerAliveInterval for ssh'; fi
if [ -n "$vscode" ] && ! patient; then missing="${missing:+$missing and }\"remote.SSH.connectTimeout\": 360 in the settings of VS Code"; fi
if [ -n "$missing" ]; then
  failed settings "missing: $missing" 'Without them connections drop when idle, and VS Code gives up before a cluster is awake.' "Type: sh $0 --workspace $workspace --name $name --fix"
elif have ssh; then
  passed settings 'idle connections stay, and VS Code waits for a sleeping cluster'
else
  untested settings 'needs ssh'
fi

# ---- network ----

# The sandbox of a rehearsal is on this machine, where no proxy can reach it.
issuer=0
case $workspace in
  http://*) issuer=1 ;;
  *)
    # Shown also by a certificate that is not trusted; nothing secret is sent.
    said=$(within 40 curl -skv --max-time 30 -o /dev/null "$workspace/.well-known/databricks-config" 2>&1 | sed -n 's/^\* *issuer: *//p' | tail -n 1)
    if [ -z "$said" ] && have openssl; then
      said=$(within 30 openssl s_client -connect "${host%%:*}:$(case $host in *:*) echo "${host##*:}" ;; *) echo 443 ;; esac)" -servername "${host%%:*}" 2>/dev/null | sed -n 's/^issuer=//p' | head -n 1)
    fi
    case $(printf %s "$said" | tr '[:upper:]' '[:lower:]') in
      '') ;;
      *zscaler*) issuer=3 ;;
      *netskope* | *goskope*) issuer=4 ;;
      *'palo alto'* | *globalprotect* | *'prisma access'*) issuer=5 ;;
      *fortinet* | *fortigate*) issuer=6 ;;
      *'cisco umbrella'* | *'cisco secure'* | *'o=cisco'* | *'o = cisco'*) issuer=7 ;;
      *'blue coat'* | *bluecoat* | *'symantec web'* | *'symantec cloud'*) issuer=8 ;;
      *skyhigh* | *mcafee*) issuer=9 ;;
      *'check point'* | *checkpoint*) issuer=10 ;;
      *sophos*) issuer=11 ;;
      *forcepoint* | *websense*) issuer=12 ;;
      *'gateway ca'*cloudflare* | *cloudflare*'gateway ca'*) issuer=13 ;;
      *iboss*) issuer=14 ;;
      *barracuda*) issuer=15 ;;
      *kaspersky*) issuer=16 ;;
      *'eset '*) issuer=17 ;;
      *bitdefender*) issuer=18 ;;
      *'avast'* | *'avg '*) issuer=19 ;;
      *digicert* | *microsoft* | *amazon* | *"let's encrypt"* | *globalsign* | *'google trust'* | *sectigo* | *entrust* | *baltimore* | *starfield* | *godaddy* | *isrg*) issuer=2 ;;
      *) issuer=20 ;;
    esac ;;
esac

if ! have curl; then
  untested reach 'there is no curl on this laptop'
else
  answer=$(within 40 curl -sS --max-time 30 -o /dev/null -w '%{http_code}' "$workspace/.well-known/databricks-config" 2>/dev/null)
  case $?:$answer in
    0:200) passed reach "$workspace answers" ;;
    0:407) failed reach 'the proxy asks for a password' 'Type: export HTTPS_PROXY=http://<user>:<password>@<proxy>:<port>' ;;
    0:*) failed reach "$workspace answers with HTTP $answer: no workspace, or a page of your company's network" "Open $workspace in a browser, sign in to the network if it asks, and run this again." ;;
    5:* | 56:* | 97:*) failed reach 'the proxy refuses the connection, or is not there' 'Type: env | grep -i proxy' "Ask the network people of your letter to let $host through, WebSocket included." ;;
    6:*) failed reach "the name $host is not known here" 'Connect your VPN, or check the address in your letter, and run this again.' ; say_proxy ;;
    7:* | 28:* | 143:*) failed reach "$host does not answer" 'Connect your VPN and run this again.' ; say_proxy ;;
    35:* | 51:* | 58:* | 59:* | 60:* | 77:* | 83:*)
      if [ "$issuer" -ge 3 ]; then
        failed reach "your company opens TLS, with a certificate that this laptop does not trust: $said" 'Ask the network people of your letter for the root certificate, then'
        if [ "$system" = 1 ]; then
          note 'type: sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain <certificate>.pem'
        else
          note 'type: sudo cp <certificate>.pem /usr/local/share/ca-certificates/company.crt && sudo update-ca-certificates'
        fi
      else
        failed reach 'TLS with the workspace cannot be agreed on' "Type: curl -v $workspace/.well-known/databricks-config" 'Send what it prints to the network people of your letter.'
      fi ;;
    *) failed reach "curl ends with ${answer:-nothing}" "Type: curl -v $workspace/.well-known/databricks-config" ;;
  esac
fi
case $issuer in
  0 | 1) ;;
  2) note 'TLS goes through unopened.' ;;
  *) note "TLS is opened on the way, by: $said" ;;
esac

# ---- sign-in ----

sign_in="databricks auth login --host $workspace --profile $name"
# Of the profile only its host is read.
profile_host() {
  awk -v name="[$name]" '{ sub(/\r$/, "") } /^[ \t]*\[/ { gsub(/^[ \t]+|[ \t]+$/, ""); here = $0 == name } here && /^[ \t]*host[ \t]*=/ { sub(/^[^=]*=[ \t]*/, ""); sub(/\/*[ \t]*$/, ""); print tolower($0); exit }' "${DATABRICKS_CONFIG_FILE:-$HOME/.databrickscfg}" 2>/dev/null
}
signed_in=no
if ! is_passed cli; then
  untested sign-in 'needs the CLI'
elif [ -z "$(profile_host)" ]; then
  failed sign-in "there is no profile $name yet" "Type: $sign_in"
elif [ "$(profile_host | sed 's|^https*://||; s|:443$||')" != "$host" ]; then
  failed sign-in "the profile $name is for another workspace: $(profile_host)" "Type: $sign_in"
elif within 60 databricks current-user me --profile "$name" --output json >/dev/null 2>&1; then
  signed_in=yes
  passed sign-in "profile $name"
else
  failed sign-in 'the workspace does not accept your sign-in, or it has expired' "Type: $sign_in" "If it stays so: databricks current-user me --profile $name"
  say_proxy
fi

# ---- the tunnel: a WebSocket through every proxy on the way, to your own cluster ----

cluster=
if have ssh; then
  cluster=$(ssh -G "$name" 2>/dev/null | sed -n 's/^proxycommand .*--cluster[= ]"*\([0-9A-Za-z-]*\).*/\1/p' | head -n 1)
fi
tunnel_untested() { untested tunnel "$1"; untested check-claude "$1"; }
if [ "$signed_in" = no ]; then
  tunnel_untested 'needs a sign-in'
elif [ -z "$cluster" ]; then
  tunnel_untested "ssh knows no $name yet: type the line \"databricks ssh setup ...\" of your letter when you have it"
else
  state=$(within 60 databricks clusters get "$cluster" --profile "$name" --output json 2>/dev/null | sed -n 's/.*"state"[[:space:]]*:[[:space:]]*"\([A-Z]*\)".*/\1/p' | head -n 1)
  if [ -z "$state" ]; then
    tunnel_untested "your cluster $cluster is not there, or not yours: write to us"
  elif [ "$state" != RUNNING ] && [ "$wake" = no ]; then
    tunnel_untested "your cluster is not running ($state): run this again with --wake, which takes some minutes"
  else
    [ "$state" = RUNNING ] || note 'Your cluster wakes up; this takes some minutes.'
    said=$(within "$([ "$state" = RUNNING ] && echo 180 || echo 900)" ssh -o BatchMode=yes "$name" check-claude 2>&1)
    code=$?
    case $code in
      255)
        # The CLI's own words; what ssh says after them is the same for every cause.
        why=$(printf '%s\n' "$said" | grep '^Error: ' | tail -n 1)
        [ -n "$why" ] || why=$(printf '%s\n' "$said" | grep -v '^Connection closed by' | tail -n 1)
        failed tunnel 'the connection to your cluster fails' "Type: ssh -v $name true" "$(printf %s "$why" | cut -c 1-300)"
        case $said in
          *'Host key verification failed'*) note "Type: ssh-keygen -R $cluster; ssh-keygen -R $name" ;;
          *//github.com/*) note 'The first connection loads two archives from GitHub: ask the network people of your letter to let github.com through.' ;;
          *) note 'A proxy that blocks WebSocket does this: ask the network people of your letter to let wss:// to the workspace through.' ;;
        esac
        untested check-claude 'needs the tunnel' ;;
      143)
        failed tunnel 'the connection to your cluster stays silent' "Type: ssh -v $name true" 'A proxy that blocks WebSocket does this: ask the network people of your letter to let wss:// to the workspace through.'
        untested check-claude 'needs the tunnel' ;;
      0) passed tunnel "$name"; passed check-claude 'Claude Code answers on your cluster' ;;
      127) passed tunnel "$name"; failed check-claude 'there is no check-claude on your cluster' "Type: ssh $name cat /tmp/init-script-claude.log" 'Send what it prints to us.' ;;
      *) passed tunnel "$name"; failed check-claude "it ends with $code" "Type: ssh $name check-claude" ;;
    esac
  fi
fi

# ---- the code ----

signs() { # signs NUMBER COUNT: base32
  rest=$1
  left=$2
  text=
  while [ "$left" -gt 0 ]; do
    text=$(printf %s 0123456789ABCDEFGHJKMNPQRSTVWXYZ | cut -c $((rest % 32 + 1)))$text
    rest=$((rest / 32))
    left=$((left - 1))
  done
  printf %s "$text"
}
fingerprint() {
  rest=$1
  sum=0
  while [ -n "$rest" ]; do
    tail=${rest#?}
    sum=$(((sum * 37 + $(printf %d "'${rest%"$tail"}")) % 32749))
    rest=$tail
  done
  printf %s "$sum"
}
at_most() { if [ "$1" -gt "$2" ]; then printf %s "$2"; else printf %s "$1"; fi; }

bits=0
for check in cli version ssh vscode remote-ssh settings reach sign-in tunnel check-claude; do
  case $results in *" $check=1 "*) bit=1 ;; *" $check=2 "*) bit=2 ;; *) bit=0 ;; esac
  bits=$((bits * 4 + bit))
done
code=1$(signs $((system * 4 + proxy)) 1)$(signs $(($(date +%s) / 86400)) 3)
code=$code$(signs "$(at_most "$major" 31)" 1)$(signs "$(at_most "$minor" 1023)" 2)$(signs "$(at_most "$patch" 31)" 1)
code=$code$(signs "$issuer" 1)$(signs "$bits" 4)$(signs "$(fingerprint "$host")" 3)
code=$code$(signs "$(fingerprint "$code")" 3)

echo
if [ "$failures" -gt 0 ]; then
  echo "$failures failed: do what the lines below FAILED say, and run this again."
else
  echo 'Nothing failed.'
fi
echo "Your code, for whoever asked you to test: $(printf %s "$code" | sed 's/..../&-/g; s/-$//')"
[ "$failures" -eq 0 ]
