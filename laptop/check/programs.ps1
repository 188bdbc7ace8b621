# The programs that a laptop needs: the databricks CLI, ssh, VS Code. Read in by check.ps1.

# ---- databricks CLI ----

$installCli = 'winget install Databricks.DatabricksCLI'
$version = @(0, 0, 0)
$databricks = Find-Program 'databricks'
function Test-Version([string]$Shown) {
  if ([version]$Shown -lt [version]'0.200.0') {
    Set-Failed 'version' "$Shown is the old CLI, of Python, which has no ssh" @(
      'Type: pip uninstall databricks-cli',
      "Then: $installCli"
    )
  } elseif ([version]$Shown -lt [version]'0.269.0') {
    Set-Failed 'version' "$Shown is too old: databricks ssh needs 0.269.0 or later" @(
      'Type: winget upgrade Databricks.DatabricksCLI'
    )
  } elseif ($Cli -and ($Shown -ne $Cli)) {
    $why = "$Shown, and $Cli is prepared on the clusters:"
    Set-Failed 'version' "$why with another one your first connection loads two archives from GitHub" @(
      "Type: $installCli --version $Cli --force"
    )
  } else {
    Set-Passed 'version' $Shown
  }
}
if ($databricks) {
  $said = "$(& $databricks.Source --version 2>$null)"
  if ($said -match '(\d+)\.(\d+)\.(\d+)') {
    $version = @([int]$Matches[1], [int]$Matches[2], [int]$Matches[3])
    Set-Passed 'cli' $databricks.Source
    Test-Version ($version -join '.')
  } else {
    Set-Failed 'cli' 'databricks is there, and does not say its version' @(
      'Type: databricks --version',
      "What it prints belongs into your message to us. To install it anew: $installCli"
    )
    Set-Untested 'version' 'needs the CLI'
  }
} else {
  Set-Failed 'cli' 'there is no databricks CLI on the PATH of this window' @(
    "Type: $installCli",
    'Then open a new window and run this again.'
  )
  Set-Untested 'version' 'needs the CLI'
}

# ---- ssh ----

$ssh = Find-Program 'ssh'
if ($ssh) {
  Set-Passed 'ssh' ((& $ssh.Source -V 2>&1 | ForEach-Object { "$_" }) -join ' ')
} else {
  $add = 'Add-WindowsCapability -Online -Name OpenSSH.Client~~~~0.0.1.0'
  Set-Failed 'ssh' 'there is no ssh' @(
    "Type, in a PowerShell that you open as administrator: $add",
    'Without an administrator: Settings, Optional features, OpenSSH Client.'
  )
}

# ---- VS Code ----

$vscode = $null
$places = @(
  'code.cmd',
  "$env:LOCALAPPDATA\Programs\Microsoft VS Code\bin\code.cmd",
  "$env:ProgramFiles\Microsoft VS Code\bin\code.cmd"
)
foreach ($candidate in $places) {
  if (-not $vscode) {
    $found = Find-Program $candidate
    if ($found) { $vscode = $found.Source }
  }
}
if ($vscode) {
  Set-Passed 'vscode' "$(& $vscode --version 2>$null | Select-Object -First 1)"
  $extensions = @(& $vscode --list-extensions 2>$null)
  if ($extensions -contains 'ms-vscode-remote.remote-ssh') {
    Set-Passed 'remote-ssh' 'ms-vscode-remote.remote-ssh'
  } else {
    Set-Failed 'remote-ssh' 'VS Code lacks the extension Remote - SSH' @(
      "Type: & '$vscode' --install-extension ms-vscode-remote.remote-ssh"
    )
  }
} else {
  Set-Failed 'vscode' 'Visual Studio Code is not there' @(
    'Type: winget install Microsoft.VisualStudioCode',
    'Start it once, and run this again.'
  )
  Set-Untested 'remote-ssh' 'needs VS Code'
}
