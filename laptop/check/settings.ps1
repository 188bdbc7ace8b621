# Two settings: idle connections of ssh stay open, and VS Code waits for a sleeping cluster. -Fix writes both.
# Read in by check.ps1.

$settings = "$env:APPDATA\Code\User\settings.json"
$timeoutPattern = '("remote\.SSH\.connectTimeout"\s*:\s*)(\d+)'
# Lines that are comments say nothing.
function Test-WaitsForClusters {
  if (-not (Test-Path $settings)) { return $false }
  $code = @(Get-Content $settings -Encoding UTF8 | Where-Object { $_ -notmatch '^\s*//' }) -join "`n"
  return ($code -match $timeoutPattern) -and ([int64]$Matches[2] -ge 360)
}
# What ssh would really do, whichever file says so.
function Test-StaysOpen {
  $line = @(& $ssh.Source -G $Name 2>$null) -match '^serveraliveinterval ' | Select-Object -First 1
  return ("$line" -match ' (\d+)$') -and ([int64]$Matches[1] -ge 1) -and ([int64]$Matches[1] -le 120)
}
function Repair-Ssh {
  $folder = "$HOME\.ssh"
  if (-not (Test-Path $folder)) { New-Item -ItemType Directory $folder | Out-Null }
  Add-Content "$folder\config" -Encoding Ascii -Value @(
    '',
    '# Idle tunnels drop after some minutes without it.',
    "Host $Name",
    '    ServerAliveInterval 30'
  )
}
# Keeps what is there, comments too, and a copy of it beside. False where it does not understand the file.
function Repair-Settings {
  $setting = '"remote.SSH.connectTimeout": 360'
  $folder = Split-Path $settings
  if (-not (Test-Path $folder)) { New-Item -ItemType Directory $folder | Out-Null }
  if (-not (Test-Path $settings) -or "$(Get-Content -Raw $settings)".Trim() -eq '') {
    Set-Content $settings -Encoding UTF8 -Value "{`r`n    $setting`r`n}"
    return $true
  }
  Copy-Item $settings "$settings.before-workshop" -Force
  $lines = @(Get-Content $settings -Encoding UTF8)
  $code = @($lines | Where-Object { $_ -notmatch '^\s*//' }) -join "`n"
  $has = $code -match $timeoutPattern
  if (-not $has -and $code -notmatch '^\s*\{') { return $false }
  $tail = ','
  if ($code -match '^\s*\{\s*\}\s*$') { $tail = '' }
  $done = $false
  $after = foreach ($line in $lines) {
    if ($line -match '^\s*//') {
      $line
    } elseif ($has) {
      $line -replace $timeoutPattern, '${1}360'
    } elseif (-not $done -and $line.Contains('{')) {
      $done = $true
      $at = $line.IndexOf('{') + 1
      $line.Substring(0, $at)
      "    $setting$tail"
      if ($line.Substring($at).Trim()) { $line.Substring($at) }
    } else {
      $line
    }
  }
  Set-Content $settings -Encoding UTF8 -Value $after
  return $true
}

if ($Fix) {
  if ($ssh -and -not (Test-StaysOpen)) {
    Repair-Ssh
    Write-Note "written: ServerAliveInterval 30 into $HOME\.ssh\config, for $Name"
  }
  if ($vscode -and -not (Test-WaitsForClusters)) {
    if (Repair-Settings) {
      Write-Note "written: remote.SSH.connectTimeout 360 into $settings"
    } else {
      Write-Note "$settings could not be changed: write the line below into it yourself."
    }
  }
}
$missing = @()
if ($ssh -and -not (Test-StaysOpen)) { $missing += 'ServerAliveInterval for ssh' }
if ($vscode -and -not (Test-WaitsForClusters)) {
  $missing += '"remote.SSH.connectTimeout": 360 in the settings of VS Code'
}
if ($missing.Count -gt 0) {
  Set-Failed 'settings' "missing: $($missing -join ' and ')" @(
    'Without them connections drop when idle, and VS Code gives up before a cluster is awake.',
    'Type: $env:WORKSHOP_FIX = ''1''',
    'Then run this again as you did now.'
  )
} elseif ($ssh) {
  Set-Passed 'settings' 'idle connections stay, and VS Code waits for a sleeping cluster'
} else {
  Set-Untested 'settings' 'needs ssh'
}
