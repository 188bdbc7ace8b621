#!/bin/sh
# The programs that a laptop needs: the databricks CLI, ssh, VS Code. Read in by check.sh.
# shellcheck disable=SC2034,SC2154

# ---- databricks CLI ----

major=0 minor=0 patch=0
# at_least VERSION: whether the CLI is of this version or a later one.
at_least() {
  printf '%s.%s.%s\n%s\n' "$major" "$minor" "$patch" "$1" | awk -F. '
    NR == 1 { for (i = 1; i <= 3; i++) is[i] = $i + 0 }
    NR == 2 { for (i = 1; i <= 3; i++) if (is[i] != $i + 0) exit !(is[i] > $i + 0) }'
}
check_version() {
  if ! at_least 0.200.0; then
    failed version "$version is the old CLI, of Python, which has no ssh" \
      'Type: pip uninstall databricks-cli' "Then: $install_cli"
  elif ! at_least 0.269.0; then
    failed version "$version is too old: databricks ssh needs 0.269.0 or later" "Type: $upgrade_cli"
  elif [ -n "$wanted" ] && [ "$version" != "$wanted" ]; then
    why="$version, and $wanted is prepared on the clusters:"
    failed version "$why with another one your first connection loads two archives from GitHub" \
      "Type: curl -fsSL https://raw.githubusercontent.com/databricks/setup-cli/v$wanted/install.sh | sudo sh"
  else
    passed version "$version"
  fi
}
if have databricks; then
  version=$(within 20 databricks --version 2>/dev/null |
    sed -n 's/^[^0-9]*\([0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
  if [ -z "$version" ]; then
    failed cli 'databricks is there, and does not say its version' 'Type: databricks --version' \
      "What it prints belongs into your message to us. To install it anew: $install_cli"
    untested version 'needs the CLI'
  else
    IFS=. read -r major minor patch <<END
$version
END
    passed cli "$(command -v databricks)"
    check_version
  fi
else
  failed cli 'there is no databricks CLI on the PATH of this terminal' "Type: $install_cli" \
    'Then open a new terminal and run this again.'
  untested version 'needs the CLI'
fi

# ---- ssh ----

if have ssh && ssh_version=$(ssh -V 2>&1); then
  passed ssh "$ssh_version"
elif [ "$system" = 1 ]; then
  failed ssh 'there is no ssh on the PATH, though macOS brings one' \
    'Type: export PATH=/usr/bin:/bin:/usr/sbin:/sbin   and open a new terminal if that helps.'
else
  failed ssh 'there is no ssh' 'Type: sudo apt-get install openssh-client   (Fedora: sudo dnf install openssh-clients)'
fi

# ---- VS Code ----

# `code` is often not on the PATH of a Mac.
vscode=
in_app="Visual Studio Code.app/Contents/Resources/app/bin/code"
for each in code "/Applications/$in_app" "$HOME/Applications/$in_app"; do
  if [ -z "$vscode" ] && have "$each"; then vscode=$each; fi
done
if [ "$system" = 4 ]; then
  vscode=
  untested vscode 'it runs in Windows: check.ps1 looks at it'
  untested remote-ssh 'it belongs to VS Code, in Windows'
elif [ -n "$vscode" ]; then
  passed vscode "$(within 30 "$vscode" --version 2>/dev/null | head -n 1)"
  if within 60 "$vscode" --list-extensions 2>/dev/null | grep -qix ms-vscode-remote.remote-ssh; then
    passed remote-ssh 'ms-vscode-remote.remote-ssh'
  else
    failed remote-ssh 'VS Code lacks the extension Remote - SSH' \
      "Type: \"$vscode\" --install-extension ms-vscode-remote.remote-ssh"
  fi
else
  failed vscode 'Visual Studio Code is not there' \
    'Install it from https://code.visualstudio.com, start it once, and run this again.'
  untested remote-ssh 'needs VS Code'
fi
