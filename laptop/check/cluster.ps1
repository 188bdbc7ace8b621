# The sign-in, and the tunnel to one's own cluster: a WebSocket through every proxy on the way. Read in by check.ps1.

# ---- sign-in ----

$signIn = "Type: databricks auth login --host $address --profile $Name"
# Of the profile only its host is read.
function Get-ProfileHost {
  $file = $env:DATABRICKS_CONFIG_FILE
  if (-not $file) { $file = "$HOME\.databrickscfg" }
  if (-not (Test-Path $file)) { return '' }
  $here = $false
  foreach ($line in @(Get-Content $file)) {
    if ($line -match '^\s*\[(.*)\]\s*$') { $here = $Matches[1] -eq $Name }
    if ($here -and $line -match '^\s*host\s*=\s*(\S+?)/*\s*$') { return $Matches[1].ToLower() }
  }
  return ''
}
$profileHost = "$(Get-ProfileHost)"
$signedIn = $false
if ($results['cli'] -ne 1) {
  Set-Untested 'sign-in' 'needs the CLI'
} elseif (-not $profileHost) {
  Set-Failed 'sign-in' "there is no profile $Name yet" @($signIn)
} elseif (($profileHost -replace '^https?://', '' -replace ':443$', '') -ne $hostPart) {
  Set-Failed 'sign-in' "the profile $Name is for another workspace: $profileHost" @($signIn)
} else {
  & $databricks.Source current-user me --profile $Name --output json 2>$null | Out-Null
  if ($LASTEXITCODE -eq 0) {
    $signedIn = $true
    Set-Passed 'sign-in' "profile $Name"
  } else {
    Set-Failed 'sign-in' 'the workspace does not accept your sign-in, or it has expired' @(
      $signIn,
      "If it stays so: databricks current-user me --profile $Name"
    )
    Write-ProxyNote
  }
}

# ---- the tunnel ----

function Set-TunnelUntested([string]$What) {
  Set-Untested 'tunnel' $What
  Set-Untested 'check-claude' $What
}
function Set-TunnelFailed([string[]]$Said) {
  # The CLI's own words; what ssh says after them is the same for every cause.
  $why = "$($Said -match '^Error: ' | Select-Object -Last 1)"
  if (-not $why) { $why = "$($Said -notmatch '^Connection closed by' | Select-Object -Last 1)" }
  Set-Failed 'tunnel' 'the connection to your cluster fails' @("Type: ssh -v $Name true", $why)
  $ask = 'ask the network people of your letter to let'
  if ("$Said" -match 'Host key verification failed') {
    Write-Note "Type: ssh-keygen -R $cluster; ssh-keygen -R $Name"
  } elseif ("$Said" -match '//github\.com/') {
    Write-Note "The first connection loads two archives from GitHub: $ask github.com through."
  } else {
    Write-Note "A proxy that blocks WebSocket does this: $ask wss:// to the workspace through."
  }
  Set-Untested 'check-claude' 'needs the tunnel'
}
# Connects, and has the cluster check itself. It may have to wake first.
function Test-Tunnel {
  if ($state -ne 'RUNNING') { Write-Note 'Your cluster wakes up; this takes some minutes.' }
  $said = @(& $ssh.Source -n -o BatchMode=yes $Name check-claude 2>&1 | ForEach-Object { "$_" })
  $ended = $LASTEXITCODE
  if ($ended -eq 255) {
    Set-TunnelFailed $said
    return
  }
  Set-Passed 'tunnel' $Name
  if ($ended -eq 0) {
    Set-Passed 'check-claude' 'Claude Code answers on your cluster'
  } elseif ($ended -eq 127) {
    Set-Failed 'check-claude' 'there is no check-claude on your cluster' @(
      "Type: ssh $Name cat /tmp/init-script-claude.log",
      'Send what it prints to us.'
    )
  } else {
    Set-Failed 'check-claude' "it ends with $ended" @("Type: ssh $Name check-claude")
  }
}

$cluster = ''
if ($ssh) {
  $line = "$(@(& $ssh.Source -G $Name 2>$null) -match '^proxycommand ' | Select-Object -First 1)"
  if ($line -match '--cluster[= ]"?([0-9A-Za-z-]+)') { $cluster = $Matches[1] }
}
if (-not $signedIn) {
  Set-TunnelUntested 'needs a sign-in'
} elseif (-not $cluster) {
  $how = 'type the line "databricks ssh setup ..." of your letter when you have it'
  Set-TunnelUntested "ssh knows no $Name yet: $how"
} else {
  $state = ''
  $about = "$(& $databricks.Source clusters get $cluster --profile $Name --output json 2>$null)"
  if ($about -match '"state"\s*:\s*"([A-Z]+)"') { $state = $Matches[1] }
  if (-not $state) {
    Set-TunnelUntested "your cluster $cluster is not there, or not yours: write to us"
  } elseif ($state -ne 'RUNNING' -and -not $Wake) {
    $how = "type `$env:WORKSHOP_WAKE = '1' and run this again, which takes some minutes"
    Set-TunnelUntested "your cluster is not running ($state): $how"
  } else {
    Test-Tunnel
  }
}
