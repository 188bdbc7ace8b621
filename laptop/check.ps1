# Is this laptop ready for the workshop? For Windows PowerShell 5.1 and later; check.sh is its twin for macOS and Linux.
# It changes nothing without -Fix, sends nothing but ordinary requests to the workspace, and neither reads nor prints a token.
# The code at its end is read by src/domain/papers/laptop-evidence.ts, which says what each sign of it means.
#
#   .\check.ps1 -Workspace https://adb-123.4.azuredatabricks.net -Name workshop-spring-apps [-Cli 1.8.0] [-Fix] [-Wake]
#
# Where scripts may not run, paste this line instead, in the folder of this file; whatever the file is called, it will do:
#
#   $env:WORKSHOP_WORKSPACE='https://adb-123.4.azuredatabricks.net'; $env:WORKSHOP_NAME='workshop-spring-apps'; iex (Get-Content -Raw .\check.ps1)
#
# WORKSHOP_CLI, WORKSHOP_FIX and WORKSHOP_WAKE stand for the other options; set the last two to 1.
param(
  [string]$Workspace = $env:WORKSHOP_WORKSPACE,
  [string]$Name = $env:WORKSHOP_NAME,
  [string]$Cli = $env:WORKSHOP_CLI,
  [switch]$Fix,
  [switch]$Wake
)

# In a scope of its own: a pasted line runs in the window's, where hardly anything of this should be left.
$failures = & {
  param([string]$Workspace, [string]$Name, [string]$Cli, [bool]$Fix, [bool]$Wake)

  # Programs write to their error stream what is no error.
  $ErrorActionPreference = 'Continue'
  $ProgressPreference = 'SilentlyContinue'
  # Where a company lets PowerShell run in Constrained Language, .NET cannot be asked for the certificate; everything else works.
  $full = "$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage'

  if ($PSVersionTable.PSEdition -eq 'Core' -and -not $IsWindows) { Write-Host 'This is for Windows: use check.sh here.'; return 2 }
  if (-not $Workspace -or -not $Name) { Write-Host 'Give -Workspace and -Name as they are in your letter.'; return 2 }
  if ($Workspace -notmatch '^(https://|http://127\.0\.0\.1:|http://localhost:)') { Write-Host "$Workspace is not the address of a workspace: it begins with https://"; return 2 }
  # Nothing that could be read as an option, or as a pattern in the config of ssh.
  if ($Name -notmatch '^[A-Za-z0-9._][A-Za-z0-9._-]*$') { Write-Host "$Name is not a name as in your letter: letters, digits, dots and dashes."; return 2 }
  if ($Cli -and $Cli -notmatch '^[0-9.]+$') { Write-Host "$Cli is not a version like 1.8.0."; return 2 }
  $secure = $Workspace -like 'https://*'
  $hostPart = ($Workspace -replace '^https?://', '' -replace '/.*$', '').ToLower()
  if ($secure) { $hostPart = $hostPart -replace ':443$', '' }
  if ($secure) { $address = "https://$hostPart" } else { $address = "http://$hostPart" }

  # ---- what is said ----

  $results = @{}
  function Write-Check([string]$Mark, [string]$Check, [string]$What) { Write-Host ('{0,-12}{1,-14}{2}' -f $Mark, $Check, $What) }
  function Write-Note([string]$What) { Write-Host ((' ' * 26) + $What) }
  function Set-Passed([string]$Check, [string]$What) { $results[$Check] = 1; Write-Check 'ok' $Check $What }
  function Set-Failed([string]$Check, [string]$What, [string[]]$Advice) {
    $results[$Check] = 2
    Write-Check 'FAILED' $Check $What
    foreach ($line in $Advice) { Write-Note $line }
  }
  function Set-Untested([string]$Check, [string]$What) { $results[$Check] = 0; Write-Check 'not tested' $Check $What }
  function Find-Program([string]$Program) { Get-Command $Program -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1 }

  # ---- the laptop ----

  # The CLI reads the environment and never asks Windows for its proxy.
  $proxyAddress = "$env:HTTPS_PROXY"
  $proxy = 0
  if ($proxyAddress) {
    $proxy = 1
  } else {
    $internet = Get-ItemProperty 'HKCU:\Software\Microsoft\Windows\CurrentVersion\Internet Settings' -ErrorAction SilentlyContinue
    if ($internet -and (($internet.ProxyEnable -eq 1) -or $internet.AutoConfigURL)) { $proxy = 2 }
  }
  function Write-ProxyNote {
    if ($proxy -eq 2) {
      Write-Note 'Windows has a proxy that the CLI does not know. Ask the network people of your letter for its address, then type:'
      Write-Note '$env:HTTPS_PROXY = ''http://<proxy>:<port>'''
    }
  }

  # ---- databricks CLI ----

  $installCli = 'winget install Databricks.DatabricksCLI'
  $version = @(0, 0, 0)
  $databricks = Find-Program 'databricks'
  if ($databricks) {
    $said = "$(& $databricks.Source --version 2>$null)"
    if ($said -match '(\d+)\.(\d+)\.(\d+)') {
      $version = @([int]$Matches[1], [int]$Matches[2], [int]$Matches[3])
      $shown = $version -join '.'
      Set-Passed 'cli' $databricks.Source
      if ([version]$shown -lt [version]'0.200.0') {
        Set-Failed 'version' "$shown is the old CLI, of Python, which has no ssh" @('Type: pip uninstall databricks-cli', "Then: $installCli")
      } elseif ([version]$shown -lt [version]'0.269.0') {
        Set-Failed 'version' "$shown is too old: databricks ssh needs 0.269.0 or later" @('Type: winget upgrade Databricks.DatabricksCLI')
      } elseif ($Cli -and ($shown -ne $Cli)) {
        Set-Failed 'version' "$shown, and $Cli is prepared on the clusters: with another one your first connection loads two archives from GitHub" @("Type: $installCli --version $Cli --force")
      } else {
        Set-Passed 'version' $shown
      }
    } else {
      Set-Failed 'cli' 'databricks is there, and does not say its version' @('Type: databricks --version', "What it prints belongs into your message to us. To install it anew: $installCli")
      Set-Untested 'version' 'needs the CLI'
    }
  } else {
    Set-Failed 'cli' 'there is no databricks CLI on the PATH of this window' @("Type: $installCli", 'Then open a new window and run this again.')
    Set-Untested 'version' 'needs the CLI'
  }

  # ---- ssh and VS Code ----

  $ssh = Find-Program 'ssh'
  if ($ssh) {
    Set-Passed 'ssh' ((& $ssh.Source -V 2>&1 | ForEach-Object { "$_" }) -join ' ')
  } else {
    Set-Failed 'ssh' 'there is no ssh' @('Type, in a PowerShell that you open as administrator: Add-WindowsCapability -Online -Name OpenSSH.Client~~~~0.0.1.0', 'Without an administrator: Settings, Optional features, OpenSSH Client.')
  }

  $vscode = $null
  foreach ($candidate in @('code.cmd', "$env:LOCALAPPDATA\Programs\Microsoft VS Code\bin\code.cmd", "$env:ProgramFiles\Microsoft VS Code\bin\code.cmd")) {
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
      Set-Failed 'remote-ssh' 'VS Code lacks the extension Remote - SSH' @("Type: & '$vscode' --install-extension ms-vscode-remote.remote-ssh")
    }
  } else {
    Set-Failed 'vscode' 'Visual Studio Code is not there' @('Type: winget install Microsoft.VisualStudioCode', 'Start it once, and run this again.')
    Set-Untested 'remote-ssh' 'needs VS Code'
  }

  $settings = "$env:APPDATA\Code\User\settings.json"
  $timeoutPattern = '("remote\.SSH\.connectTimeout"\s*:\s*)(\d+)'
  # Lines that are comments say nothing.
  function Test-Patient {
    if (-not (Test-Path $settings)) { return $false }
    $code = @(Get-Content $settings -Encoding UTF8 | Where-Object { $_ -notmatch '^\s*//' }) -join "`n"
    return ($code -match $timeoutPattern) -and ([int64]$Matches[2] -ge 360)
  }
  # What ssh would really do, whichever file says so.
  function Test-Alive {
    $line = @(& $ssh.Source -G $Name 2>$null) -match '^serveraliveinterval ' | Select-Object -First 1
    return ("$line" -match ' (\d+)$') -and ([int64]$Matches[1] -ge 1) -and ([int64]$Matches[1] -le 120)
  }
  function Repair-Ssh {
    $folder = "$HOME\.ssh"
    if (-not (Test-Path $folder)) { New-Item -ItemType Directory $folder | Out-Null }
    Add-Content "$folder\config" -Encoding Ascii -Value @('', '# Idle tunnels drop after some minutes without it.', "Host $Name", '    ServerAliveInterval 30')
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
    if ($ssh -and -not (Test-Alive)) { Repair-Ssh; Write-Note "written: ServerAliveInterval 30 into $HOME\.ssh\config, for $Name" }
    if ($vscode -and -not (Test-Patient)) {
      if (Repair-Settings) { Write-Note "written: remote.SSH.connectTimeout 360 into $settings" } else { Write-Note "$settings could not be changed: write the line below into it yourself." }
    }
  }
  $missing = @()
  if ($ssh -and -not (Test-Alive)) { $missing += 'ServerAliveInterval for ssh' }
  if ($vscode -and -not (Test-Patient)) { $missing += '"remote.SSH.connectTimeout": 360 in the settings of VS Code' }
  if ($missing.Count -gt 0) {
    Set-Failed 'settings' "missing: $($missing -join ' and ')" @('Without them connections drop when idle, and VS Code gives up before a cluster is awake.', 'Type: $env:WORKSHOP_FIX = ''1''', 'Then run this again as you did now.')
  } elseif ($ssh) {
    Set-Passed 'settings' 'idle connections stay, and VS Code waits for a sleeping cluster'
  } else {
    Set-Untested 'settings' 'needs ssh'
  }

  # ---- network ----

  # Asked also for a certificate that is not trusted; nothing secret is sent.
  function Get-Issuer([string]$Target, [int]$Port) {
    $client = New-Object System.Net.Sockets.TcpClient
    try {
      if ($proxyAddress) {
        $through = $proxyAddress
        if ($through -notmatch '://') { $through = "http://$through" }
        $through = [uri]$through
        $client.Connect($through.Host, $through.Port)
      } else {
        $client.Connect($Target, $Port)
      }
      $stream = $client.GetStream()
      $stream.ReadTimeout = 15000
      if ($proxyAddress) {
        $ask = [System.Text.Encoding]::ASCII.GetBytes("CONNECT ${Target}:$Port HTTP/1.1`r`nHost: ${Target}:$Port`r`n`r`n")
        $stream.Write($ask, 0, $ask.Length)
        $answer = New-Object byte[] 8192
        $stream.Read($answer, 0, $answer.Length) | Out-Null
      }
      $tls = New-Object System.Net.Security.SslStream($stream, $false, ({ $true } -as [System.Net.Security.RemoteCertificateValidationCallback]))
      $tls.AuthenticateAsClient($Target, $null, [System.Security.Authentication.SslProtocols]::Tls12, $false)
      return $tls.RemoteCertificate.Issuer
    } catch {
      return ''
    } finally {
      $client.Close()
    }
  }

  # In this order; the number is the one of the code.
  $issuers = @(
    @(3, 'zscaler'), @(4, 'netskope|goskope'), @(5, 'palo alto|globalprotect|prisma access'), @(6, 'fortinet|fortigate'),
    @(7, 'cisco umbrella|cisco secure|o ?= ?cisco'), @(8, 'blue ?coat|symantec web|symantec cloud'), @(9, 'skyhigh|mcafee'), @(10, 'check ?point'),
    @(11, 'sophos'), @(12, 'forcepoint|websense'), @(13, 'gateway ca.*cloudflare|cloudflare.*gateway ca'), @(14, 'iboss'), @(15, 'barracuda'),
    @(16, 'kaspersky'), @(17, 'eset '), @(18, 'bitdefender'), @(19, 'avast|avg '),
    @(2, 'digicert|microsoft|amazon|let''s encrypt|globalsign|google trust|sectigo|entrust|baltimore|starfield|godaddy|isrg')
  )
  $issuer = 0
  $issuerSaid = ''
  if (-not $secure) {
    $issuer = 1
  } elseif ($full) {
    $port = 443
    if ($hostPart -match ':(\d+)$') { $port = [int]$Matches[1] }
    $issuerSaid = "$(Get-Issuer ($hostPart -replace ':.*$', '') $port)"
    if ($issuerSaid) {
      $issuer = 20
      foreach ($known in $issuers) {
        if ($issuerSaid -match $known[1]) { $issuer = $known[0]; break }
      }
    }
  }

  $curl = Find-Program 'curl.exe'
  $asked = "$address/.well-known/databricks-config"
  if (-not $curl) {
    Set-Untested 'reach' 'there is no curl.exe in this Windows'
  } else {
    # Like the CLI, it does not ask whether a certificate was revoked: a certificate of a proxy cannot answer.
    $answer = "$(& $curl.Source -sS --ssl-no-revoke --max-time 30 -o NUL -w '%{http_code}' $asked 2>$null)"
    $ended = $LASTEXITCODE
    if ($ended -eq 0 -and $answer -eq '200') {
      Set-Passed 'reach' "$address answers"
    } elseif ($ended -eq 0 -and $answer -eq '407') {
      Set-Failed 'reach' 'the proxy asks for a password' @('Type: $env:HTTPS_PROXY = ''http://<user>:<password>@<proxy>:<port>''')
    } elseif ($ended -eq 0) {
      Set-Failed 'reach' "$address answers with HTTP ${answer}: no workspace, or a page of your company's network" @("Open $address in a browser, sign in to the network if it asks, and run this again.")
    } elseif (@(5, 56, 97) -contains $ended) {
      Set-Failed 'reach' 'the proxy refuses the connection, or is not there' @('Type: Get-ChildItem env:*proxy*', "Ask the network people of your letter to let $hostPart through, WebSocket included.")
    } elseif ($ended -eq 6) {
      Set-Failed 'reach' "the name $hostPart is not known here" @('Connect your VPN, or check the address in your letter, and run this again.')
      Write-ProxyNote
    } elseif (@(7, 28) -contains $ended) {
      Set-Failed 'reach' "$hostPart does not answer" @('Connect your VPN and run this again.')
      Write-ProxyNote
    } elseif (@(35, 51, 58, 59, 60, 77, 83) -contains $ended) {
      if ($issuer -ge 3) {
        Set-Failed 'reach' "your company opens TLS, with a certificate that this laptop does not trust: $issuerSaid" @('Ask the network people of your letter for the root certificate, then', 'type: certutil -user -addstore Root <certificate>.cer')
      } else {
        Set-Failed 'reach' 'TLS with the workspace cannot be agreed on' @("Type: curl.exe -v $asked", 'Send what it prints to the network people of your letter.')
      }
    } else {
      Set-Failed 'reach' "curl ends with $ended" @("Type: curl.exe -v $asked")
    }
  }
  if ($issuer -eq 2) { Write-Note 'TLS goes through unopened.' }
  if ($issuer -ge 3) { Write-Note "TLS is opened on the way, by: $issuerSaid" }
  if ($secure -and -not $full) { Write-Note 'Who issued the certificate cannot be asked here: your company lets PowerShell run with a part of its language only.' }

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
      Set-Failed 'sign-in' 'the workspace does not accept your sign-in, or it has expired' @($signIn, "If it stays so: databricks current-user me --profile $Name")
      Write-ProxyNote
    }
  }

  # ---- the tunnel: a WebSocket through every proxy on the way, to your own cluster ----

  function Set-TunnelUntested([string]$What) { Set-Untested 'tunnel' $What; Set-Untested 'check-claude' $What }
  $webSocket = 'A proxy that blocks WebSocket does this: ask the network people of your letter to let wss:// to the workspace through.'
  $cluster = ''
  if ($ssh) {
    $line = "$(@(& $ssh.Source -G $Name 2>$null) -match '^proxycommand ' | Select-Object -First 1)"
    if ($line -match '--cluster[= ]"?([0-9A-Za-z-]+)') { $cluster = $Matches[1] }
  }
  if (-not $signedIn) {
    Set-TunnelUntested 'needs a sign-in'
  } elseif (-not $cluster) {
    Set-TunnelUntested "ssh knows no $Name yet: type the line `"databricks ssh setup ...`" of your letter when you have it"
  } else {
    $state = ''
    if ("$(& $databricks.Source clusters get $cluster --profile $Name --output json 2>$null)" -match '"state"\s*:\s*"([A-Z]+)"') { $state = $Matches[1] }
    if (-not $state) {
      Set-TunnelUntested "your cluster $cluster is not there, or not yours: write to us"
    } elseif ($state -ne 'RUNNING' -and -not $Wake) {
      Set-TunnelUntested "your cluster is not running ($state): type `$env:WORKSHOP_WAKE = '1' and run this again, which takes some minutes"
    } else {
      if ($state -ne 'RUNNING') { Write-Note 'Your cluster wakes up; this takes some minutes.' }
      $said = @(& $ssh.Source -n -o BatchMode=yes $Name check-claude 2>&1 | ForEach-Object { "$_" })
      $ended = $LASTEXITCODE
      if ($ended -eq 0) {
        Set-Passed 'tunnel' $Name
        Set-Passed 'check-claude' 'Claude Code answers on your cluster'
      } elseif ($ended -eq 255) {
        # The CLI's own words; what ssh says after them is the same for every cause.
        $why = "$($said -match '^Error: ' | Select-Object -Last 1)"
        if (-not $why) { $why = "$($said -notmatch '^Connection closed by' | Select-Object -Last 1)" }
        Set-Failed 'tunnel' 'the connection to your cluster fails' @("Type: ssh -v $Name true", $why)
        if ("$said" -match 'Host key verification failed') {
          Write-Note "Type: ssh-keygen -R $cluster; ssh-keygen -R $Name"
        } elseif ("$said" -match '//github\.com/') {
          Write-Note 'The first connection loads two archives from GitHub: ask the network people of your letter to let github.com through.'
        } else {
          Write-Note $webSocket
        }
        Set-Untested 'check-claude' 'needs the tunnel'
      } else {
        Set-Passed 'tunnel' $Name
        if ($ended -eq 127) {
          Set-Failed 'check-claude' 'there is no check-claude on your cluster' @("Type: ssh $Name cat /tmp/init-script-claude.log", 'Send what it prints to us.')
        } else {
          Set-Failed 'check-claude' "it ends with $ended" @("Type: ssh $Name check-claude")
        }
      }
    }
  }

  # ---- the code ----

  function ConvertTo-Signs([int]$Value, [int]$Count) {
    $text = ''
    for ($left = $Count; $left -gt 0; $left--) {
      $text = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.Substring($Value % 32, 1) + $text
      $Value = ($Value - $Value % 32) / 32
    }
    return $text
  }
  function Get-Fingerprint([string]$Text) {
    $sum = 0
    foreach ($sign in $Text.ToCharArray()) { $sum = ($sum * 37 + [int]$sign) % 32749 }
    return $sum
  }
  function Limit([int]$Value, [int]$Most) { if ($Value -gt $Most) { return $Most } else { return $Value } }

  $bits = 0
  foreach ($check in @('cli', 'version', 'ssh', 'vscode', 'remote-ssh', 'settings', 'reach', 'sign-in', 'tunnel', 'check-claude')) { $bits = $bits * 4 + [int]$results[$check] }
  $days = ((Get-Date).ToUniversalTime() - [datetime]'1970-01-01').Days
  # Windows is system 3.
  $code = '1' + (ConvertTo-Signs (3 * 4 + $proxy) 1) + (ConvertTo-Signs $days 3)
  $code += (ConvertTo-Signs (Limit $version[0] 31) 1) + (ConvertTo-Signs (Limit $version[1] 1023) 2) + (ConvertTo-Signs (Limit $version[2] 31) 1)
  $code += (ConvertTo-Signs $issuer 1) + (ConvertTo-Signs $bits 4) + (ConvertTo-Signs (Get-Fingerprint $hostPart) 3)
  $code += ConvertTo-Signs (Get-Fingerprint $code) 3

  $count = @($results.Values | Where-Object { $_ -eq 2 }).Count
  Write-Host ''
  if ($count -gt 0) { Write-Host "$count failed: do what the lines below FAILED say, and run this again." } else { Write-Host 'Nothing failed.' }
  Write-Host "Your code, for whoever asked you to test: $($code -replace '(.{4})(?=.)', '$1-')"
  if ($count -gt 0) { return 1 } else { return 0 }
} $Workspace $Name $Cli ($Fix -or $env:WORKSHOP_FIX -eq '1') ($Wake -or $env:WORKSHOP_WAKE -eq '1')

# A pasted line must not close the window.
if ($PSCommandPath) { exit [int]($failures | Select-Object -Last 1) }
