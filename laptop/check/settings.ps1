# Two settings: idle connections of ssh stay open, and VS Code waits for a sleeping cluster. With -FetchServer one
# more: VS Code fetches its server on this laptop, since the clusters do not get to it. -Fix writes them.
# Read in by check.ps1.

$settings = "$env:APPDATA\Code\User\settings.json"
$timeoutPattern = '("remote\.SSH\.connectTimeout"\s*:\s*)(\d+)'
$downloadPattern = '("remote\.SSH\.localServerDownload"\s*:\s*)("[^"]*")'
# Lines that are comments say nothing.
function Test-WaitsForClusters {
  if (-not (Test-Path $settings)) { return $false }
  $code = @(Get-Content $settings -Encoding UTF8 | Where-Object { $_ -notmatch '^\s*//' }) -join "`n"
  return ($code -match $timeoutPattern) -and ([int64]$Matches[2] -ge 360)
}
# Where nobody asked for it, it is no matter.
function Test-FetchesServer {
  if (-not $FetchServer) { return $true }
  if (-not (Test-Path $settings)) { return $false }
  $code = @(Get-Content $settings -Encoding UTF8 | Where-Object { $_ -notmatch '^\s*//' }) -join "`n"
  return $code -match '"remote\.SSH\.localServerDownload"\s*:\s*"always"'
}
# What ssh would really do, whichever file says so.
function Test-StaysOpen {
  $line = @(& $ssh.Source -G $Name 2>$null) -match '^serveraliveinterval ' | Select-Object -First 1
  return ("$line" -match ' (\d+)$') -and ([int64]$Matches[1] -ge 1) -and ([int64]$Matches[1] -le 120)
}
# Before all else in the file, since ssh takes the first value that it finds; what follows is for every host, as before.
# False where it is there already, and ssh does not take it.
function Repair-Ssh {
  $folder = "$HOME\.ssh"
  $config = "$folder\config"
  $block = @('# Idle tunnels drop after some minutes without it.', "Host $Name", '    ServerAliveInterval 30')
  if (-not (Test-Path $folder)) { New-Item -ItemType Directory $folder | Out-Null }
  if (-not (Test-Path $config) -or (Get-Item $config).Length -eq 0) {
    Set-Content $config -Encoding Ascii -Value $block
    return $true
  }
  if ((@(Get-Content $config -TotalCount 2) -join "`n") -eq ($block[0..1] -join "`n")) { return $false }
  Copy-Item $config "$config.before-workshop" -Force
  Set-Content "$config.new" -Encoding Ascii -Value ($block + @('', 'Host *'))
  # Byte for byte: whatever the encoding of what is there, ssh understood it. In the folder, whose path may have spaces.
  Push-Location $folder
  cmd.exe /c copy /b /y config.new+config.before-workshop config | Out-Null
  Pop-Location
  Remove-Item "$config.new"
  return $true
}
# Lines of settings, with this in them. Nothing where it does not understand them.
function Add-Setting([string[]]$lines, [string]$pattern, [string]$named, [string]$value) {
  $code = @($lines | Where-Object { $_ -notmatch '^\s*//' }) -join "`n"
  $has = $code -match $pattern
  if (-not $has -and $code -notmatch '^\s*\{') { return }
  $tail = ','
  if ($code -match '^\s*\{\s*\}\s*$') { $tail = '' }
  $done = $false
  foreach ($line in $lines) {
    if ($line -match '^\s*//') {
      $line
    } elseif ($has) {
      $line -replace $pattern, ('${1}' + $value)
    } elseif (-not $done -and $line.Contains('{')) {
      $done = $true
      $at = $line.IndexOf('{') + 1
      $line.Substring(0, $at)
      "    `"$named`": $value$tail"
      if ($line.Substring($at).Trim()) { $line.Substring($at) }
    } else {
      $line
    }
  }
}
# Keeps what is there, comments too, and a copy of it beside. False where it does not understand the file.
function Repair-Settings {
  $folder = Split-Path $settings
  if (-not (Test-Path $folder)) { New-Item -ItemType Directory $folder | Out-Null }
  if (-not (Test-Path $settings) -or "$(Get-Content -Raw $settings)".Trim() -eq '') {
    $inside = '    "remote.SSH.connectTimeout": 360'
    if ($FetchServer) { $inside += ",`r`n    `"remote.SSH.localServerDownload`": `"always`"" }
    Set-Content $settings -Encoding UTF8 -Value "{`r`n$inside`r`n}"
    return $true
  }
  Copy-Item $settings "$settings.before-workshop" -Force
  $lines = @(Get-Content $settings -Encoding UTF8)
  if (-not (Test-WaitsForClusters)) {
    $lines = @(Add-Setting $lines $timeoutPattern 'remote.SSH.connectTimeout' '360')
  }
  if (-not (Test-FetchesServer)) {
    $lines = @(Add-Setting $lines $downloadPattern 'remote.SSH.localServerDownload' '"always"')
  }
  if ($lines.Count -eq 0) { return $false }
  Set-Content $settings -Encoding UTF8 -Value $lines
  return $true
}

if ($Fix) {
  if ($ssh -and -not (Test-StaysOpen)) {
    if (Repair-Ssh) {
      Write-Note "written: ServerAliveInterval 30 into $HOME\.ssh\config, for $Name"
    } else {
      Write-Note "$HOME\.ssh\config could not be mended: ssh says why when you type: ssh -G $Name"
    }
  }
  if ($vscode -and -not ((Test-WaitsForClusters) -and (Test-FetchesServer))) {
    $written = @()
    if (-not (Test-WaitsForClusters)) { $written += 'remote.SSH.connectTimeout 360' }
    if (-not (Test-FetchesServer)) { $written += 'remote.SSH.localServerDownload always' }
    if (Repair-Settings) {
      Write-Note "written: $($written -join ' and ') into $settings"
    } else {
      Write-Note "$settings could not be changed: write what is missing into it yourself."
    }
  }
}
$missing = @()
if ($ssh -and -not (Test-StaysOpen)) { $missing += 'ServerAliveInterval for ssh' }
if ($vscode -and -not (Test-WaitsForClusters)) {
  $missing += '"remote.SSH.connectTimeout": 360 in the settings of VS Code'
}
if ($vscode -and -not (Test-FetchesServer)) {
  $missing += '"remote.SSH.localServerDownload": "always" in the settings of VS Code'
}
if ($missing.Count -gt 0) {
  Set-Failed 'settings' "missing: $($missing -join ' and ')" @(
    'Without them connections drop when idle, and VS Code gives up before a cluster is awake, or at its server.',
    'Type: $env:WORKSHOP_FIX = ''1''',
    'Then run this again as you did now.'
  )
} elseif ($ssh) {
  Set-Passed 'settings' 'idle connections stay, and VS Code waits for a sleeping cluster'
} else {
  Set-Untested 'settings' 'needs ssh'
}
