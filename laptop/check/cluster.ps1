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
  $me = Invoke-Within $patience $databricks.Source @('current-user', 'me', '--profile', $Name, '--output', 'json')
  if ($me.Status -eq 0) {
    $signedIn = $true
    Set-Passed 'sign-in' "profile $Name"
  } elseif ($null -eq $me.Status -and $results['reach'] -eq 1) {
    $why = "the CLI does not come back within $patience s, though the workspace answers"
    Set-Failed 'sign-in' "${why}: a keyring keeps it waiting" @(
      "Type: databricks current-user me --profile $Name",
      'and look for a window that asks for a password or a PIN, perhaps behind the others.',
      'No such window, and it still waits: type $env:DATABRICKS_AUTH_STORAGE = ''plaintext''',
      $signIn
    )
  } elseif ($null -eq $me.Status) {
    Set-Failed 'sign-in' "the CLI does not come back within $patience s" @(
      'Mend what is said of reach, and run this again.'
    )
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
# What databricks ssh lets in at once; the eleventh gets "Maximum clients reached", of which its CLI shows nothing.
$mostConnections = 10
$tooMany = "A cluster takes $mostConnections at once: close some, on all your laptops; " +
  'each window of VS Code counts several.'
# How many ssh has open to this cluster, from this laptop: it starts a CLI for each.
function Get-OpenHere {
  $running = Get-CimInstance Win32_Process -Filter "Name = 'databricks.exe'" -ErrorAction SilentlyContinue
  $lines = @($running | ForEach-Object { "$($_.CommandLine)" })
  return @($lines | Where-Object { $_ -match ' ssh connect .*--proxy' -and $_ -match $cluster }).Count
}
function Set-TunnelFailed([string[]]$Said) {
  # The CLI's own words; what ssh says after them is the same for every cause.
  $why = "$($Said -match '^Error: ' | Select-Object -Last 1)"
  if (-not $why) { $why = "$($Said -notmatch '^Connection closed by' | Select-Object -Last 1)" }
  Set-Failed 'tunnel' 'the connection to your cluster fails' @("Type: ssh -v $Name true", $why)
  $ask = 'ask the network people of your letter to let'
  $blocked = "A proxy that blocks WebSocket does this: $ask wss:// to the workspace through."
  $here = Get-OpenHere
  if ("$Said" -match 'Maximum clients') {
    Write-Note $tooMany
  } elseif ("$Said" -match 'handshake' -and $here -ge $mostConnections) {
    Write-Note "$here connections to it are open on this laptop. $tooMany"
  } elseif ("$Said" -match 'handshake') {
    Write-Note $blocked
    Write-Note "More than $mostConnections connections to one cluster do it, too. $tooMany"
  } elseif ("$Said" -match 'Host key verification failed') {
    Write-Note "Type: ssh-keygen -R $cluster; ssh-keygen -R $Name"
  } elseif ("$Said" -match '//github\.com/') {
    Write-Note "The first connection loads two archives from GitHub: $ask github.com through."
  } else {
    Write-Note $blocked
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
  $got = Invoke-Within $patience $databricks.Source @(
    'clusters', 'get', $cluster, '--profile', $Name, '--output', 'json'
  )
  if ($got.Status -eq 0 -and "$($got.Said)" -match '"state"\s*:\s*"([A-Z]+)"') { $state = $Matches[1] }
  if (-not $state) {
    Set-TunnelUntested "your cluster $cluster is not there, or not yours: write to us"
  } elseif ($state -ne 'RUNNING' -and -not $Wake) {
    $how = "type `$env:WORKSHOP_WAKE = '1' and run this again, which takes some minutes"
    Set-TunnelUntested "your cluster is not running ($state): $how"
  } else {
    Test-Tunnel
  }
}
