# Is this laptop ready for the workshop? For Windows PowerShell 5.1 and later; check.sh is its twin for macOS and Linux.
# It changes nothing without -Fix, sends nothing but ordinary requests to the workspace, and neither reads nor prints a
# token. The code at its end is read by src/domain/papers/laptop-evidence.ts, which says what each sign of it means.
# Attendees get it as one file: src/activities/messages/laptop-checks.ts puts the parts in check\ where they are read.
#
#   .\check.ps1 -Workspace https://adb-123.4.azuredatabricks.net -Name workshop-spring-apps [-Cli 1.8.0] [-Fix] [-Wake]
#     [-App https://... | -NoApps] [-FetchServer]
#
# Where scripts may not run, paste the line of the letter instead, in the folder of the file that came with the letter;
# whatever the file is called, it will do. In three lines, it is:
#
#   $env:WORKSHOP_WORKSPACE='https://adb-123.4.azuredatabricks.net'
#   $env:WORKSHOP_NAME='workshop-spring-apps'
#   iex (Get-Content -Raw .\check.ps1)
#
# WORKSHOP_CLI, WORKSHOP_FIX and WORKSHOP_WAKE stand for the other options; set the last two to 1. WORKSHOP_APP is the
# address of an app of the workspace, to test the way to it; WORKSHOP_NO_APPS=1 says that nobody makes apps, and
# WORKSHOP_FETCH_SERVER=1 that clusters do not get to where VS Code's server lies.
param(
  [string]$Workspace = $env:WORKSHOP_WORKSPACE,
  [string]$Name = $env:WORKSHOP_NAME,
  [string]$Cli = $env:WORKSHOP_CLI,
  [string]$App = $env:WORKSHOP_APP,
  [switch]$NoApps,
  [switch]$FetchServer,
  [switch]$Fix,
  [switch]$Wake
)

# In a scope of its own: a pasted line runs in the window's, where hardly anything of this should be left.
$failures = & {
  param(
    [string]$Workspace, [string]$Name, [string]$Cli, [string]$App,
    [bool]$asksApps, [bool]$FetchServer, [bool]$Fix, [bool]$Wake
  )

  # Programs write to their error stream what is no error.
  $ErrorActionPreference = 'Continue'
  $ProgressPreference = 'SilentlyContinue'

  if ($PSVersionTable.PSEdition -eq 'Core' -and -not $IsWindows) {
    Write-Host 'This is for Windows: use check.sh here.'
    return 2
  }
  if (-not $Workspace -or -not $Name) {
    Write-Host 'Give -Workspace and -Name as they are in your letter.'
    return 2
  }
  if ($Workspace -notmatch '^(https://|http://127\.0\.0\.1:|http://localhost:)') {
    Write-Host "$Workspace is not the address of a workspace: it begins with https://"
    return 2
  }
  # Nothing that could be read as an option, or as a pattern in the config of ssh.
  if ($Name -notmatch '^[A-Za-z0-9._][A-Za-z0-9._-]*$') {
    Write-Host "$Name is not a name as in your letter: letters, digits, dots and dashes."
    return 2
  }
  if ($Cli -and $Cli -notmatch '^[0-9.]+$') {
    Write-Host "$Cli is not a version like 1.8.0."
    return 2
  }
  $App = $App -replace '^https://', '' -replace '^([^/:]+(:\d+)?)/.*$', '$1'
  if ($App -and $App -notmatch '^[A-Za-z0-9][A-Za-z0-9.:-]*$') {
    Write-Host "$App is not the address of an app: it begins with https://"
    return 2
  }
  $secure = $Workspace -like 'https://*'
  $hostPart = ($Workspace -replace '^https?://', '' -replace '/.*$', '').ToLower()
  if ($secure) { $hostPart = $hostPart -replace ':443$', '' }
  if ($secure) { $address = "https://$hostPart" } else { $address = "http://$hostPart" }

  . "$PSScriptRoot\check\laptop.ps1"
  try {
    . "$PSScriptRoot\check\programs.ps1"
    . "$PSScriptRoot\check\settings.ps1"
    . "$PSScriptRoot\check\network.ps1"
    . "$PSScriptRoot\check\apps.ps1"
    . "$PSScriptRoot\check\cluster.ps1"
    . "$PSScriptRoot\check\code.ps1"
  } finally {
    Restore-Environment
  }

  $count = @($results.Values | Where-Object { $_ -eq 2 }).Count
  Write-Host ''
  if ($count -gt 0) {
    Write-Host "$count failed: do what the lines below FAILED say, and run this again."
  } else {
    Write-Host 'Nothing failed.'
  }
  if ($warnings.Count -gt 0) { Write-Host "$($warnings.Count) to look at: the lines that begin with WARNING." }
  Write-Host "Your code, for whoever asked you to test: $($code -replace '(.{4})(?=.)', '$1-')"
  if ($count -gt 0) { return 1 } else { return 0 }
} $Workspace $Name $Cli $App (-not $NoApps -and $env:WORKSHOP_NO_APPS -ne '1') `
  ($FetchServer -or $env:WORKSHOP_FETCH_SERVER -eq '1') `
  ($Fix -or $env:WORKSHOP_FIX -eq '1') ($Wake -or $env:WORKSHOP_WAKE -eq '1')

# A pasted line must not close the window.
if ($PSCommandPath) { exit [int]($failures | Select-Object -Last 1) }
