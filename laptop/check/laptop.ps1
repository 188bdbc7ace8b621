# How a check says what it found, and what kind of laptop this is. Read in by check.ps1; the parts share variables.

$results = @{}
$warnings = @{}
function Write-Check([string]$Mark, [string]$Check, [string]$What) {
  Write-Host ('{0,-12}{1,-14}{2}' -f $Mark, $Check, $What)
}
function Write-Note([string]$What) { Write-Host ((' ' * 26) + $What) }
function Set-Passed([string]$Check, [string]$What) {
  $results[$Check] = 1
  Write-Check 'ok' $Check $What
}
function Set-Failed([string]$Check, [string]$What, [string[]]$Advice) {
  $results[$Check] = 2
  Write-Check 'FAILED' $Check $What
  foreach ($line in $Advice) { Write-Note $line }
}
function Set-Untested([string]$Check, [string]$What) {
  $results[$Check] = 0
  Write-Check 'not tested' $Check $What
}
# No check, and no part of the code.
function Write-Warned([string]$What, [string]$Why, [string[]]$Advice) {
  $warnings[$What] = $Why
  Write-Check 'WARNING' $What $Why
  foreach ($line in $Advice) { Write-Note $line }
}
function Find-Program([string]$Program) {
  Get-Command $Program -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
}

# Where a company lets PowerShell run in Constrained Language, .NET cannot be asked for the certificate; everything else
# works.
$full = "$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage'

# Runs a program that may wait for ever, as the CLI does for a keyring that is locked: what it said, line by line, and
# how it ended; the status is $null where it did not come back in time.
function Invoke-Within([int]$Seconds, [string]$Program, [string[]]$Arguments) {
  $job = Start-Job -ArgumentList $Program, $Arguments -ScriptBlock {
    param([string]$Program, [string[]]$Arguments)
    & $Program @Arguments 2>&1 | ForEach-Object { "$_" }
    "ended with $LASTEXITCODE"
  }
  Wait-Job $job -Timeout $Seconds | Out-Null
  $said = @(Receive-Job $job | ForEach-Object { "$_" })
  Remove-Job $job -Force
  $status = $null
  if ("$($said | Select-Object -Last 1)" -match '^ended with (-?\d+)$') { $status = [int]$Matches[1] }
  return @{ Said = $said; Status = $status }
}
$patience = 60

# What the environment says wins over a profile, in the CLI that ssh starts, too. Here the profile of the letter alone
# is asked; the window gets everything back in the end, since a pasted line runs in it.
$kept = @{}
$strangers = @()
$choosing = @(
  'HOST', 'CONFIG_PROFILE', 'TOKEN', 'CLIENT_ID', 'CLIENT_SECRET', 'USERNAME', 'PASSWORD', 'AUTH_TYPE', 'ACCOUNT_ID'
)
foreach ($each in $choosing) {
  $variable = "DATABRICKS_$each"
  if (Test-Path "env:$variable") {
    $kept[$variable] = (Get-Item "env:$variable").Value
    $ours = $false
    if ($each -eq 'HOST') { $ours = ($kept[$variable] -replace '^https?://', '' -replace '/.*$', '') -eq $hostPart }
    if ($each -eq 'CONFIG_PROFILE') { $ours = $kept[$variable] -eq $Name }
    if (-not $ours) { $strangers += $variable }
    Remove-Item "env:$variable"
  }
}
function Restore-Environment {
  foreach ($variable in $kept.Keys) { Set-Item "env:$variable" $kept[$variable] }
}
if ($strangers.Count -gt 0) {
  $paths = @($strangers | ForEach-Object { "env:$_" }) -join ', '
  Write-Warned 'environment' "set in this window: $($strangers -join ' ')" @(
    'They win over the profile of your letter, also for ssh, and for VS Code when it is started from here.',
    "Type: Remove-Item $paths",
    'Then take them out where they are set: Start, "Edit environment variables for your account"; or in $PROFILE.'
  )
}

# The CLI reads the environment and never asks Windows for its proxy.
$proxyAddress = "$env:HTTPS_PROXY"
$proxy = 0
if ($proxyAddress) {
  $proxy = 1
} else {
  $key = 'HKCU:\Software\Microsoft\Windows\CurrentVersion\Internet Settings'
  $internet = Get-ItemProperty $key -ErrorAction SilentlyContinue
  if ($internet -and (($internet.ProxyEnable -eq 1) -or $internet.AutoConfigURL)) { $proxy = 2 }
}
function Write-ProxyNote {
  if ($proxy -eq 2) {
    $unknown = 'Windows has a proxy that the CLI does not know.'
    Write-Note "$unknown Ask the network people of your letter for its address, then type:"
    Write-Note '$env:HTTPS_PROXY = ''http://<proxy>:<port>'''
  }
}
