# How a check says what it found, and what kind of laptop this is. Read in by check.ps1; the parts share variables.

$results = @{}
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
function Find-Program([string]$Program) {
  Get-Command $Program -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
}

# Where a company lets PowerShell run in Constrained Language, .NET cannot be asked for the certificate; everything else
# works.
$full = "$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage'

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
