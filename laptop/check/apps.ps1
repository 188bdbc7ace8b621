# The way to the apps that people build. They live under another host than the workspace, which a company's proxy, DNS
# or private network may not let through. Read in by check.ps1.

# Without the address of an app, one is asked for that is not there: the same front door. That it answers for an unknown
# app, and for a workspace 0, no live workspace has confirmed.
$appHost = $App
if (-not $appHost) {
  if ($hostPart -match '^adb-(.+)\.azuredatabricks\.net$') {
    $appHost = "workshop-check-$($Matches[1]).azure.databricksapps.com"
  } elseif ($hostPart -like '*.gcp.databricks.com') {
    $appHost = 'workshop-check-0.gcp.databricksapps.com'
  } elseif ($hostPart -like '*.cloud.databricks.com') {
    $appHost = 'workshop-check-0.aws.databricksapps.com'
  }
}
$withApp = 'With the address of an app that runs, this can be told: type $env:WORKSHOP_APP = ''https://<app>'''
$askForApps = "Ask the network people of your letter to let *.$($appHost -replace '^[^.]*\.', '') through, " +
  'beside the workspace.'

# A name that nobody knows says little where nobody knows whether there is such an app.
function Set-AppUnknown([string]$Why) {
  if ($App) {
    Set-Failed 'apps' $Why @(
      'Connect your VPN, or check the address of the app, and run this again.',
      $askForApps
    )
  } else {
    Set-Untested 'apps' "$Why, and whether there has to be one is not certain"
    Write-Note $withApp
  }
}
function Set-AppRefused {
  # Whoever opens TLS can answer in the place of an app.
  if ($issuer -lt 3) {
    Set-Passed 'apps' "$appHost answers"
  } elseif ($App) {
    Set-Failed 'apps' "${appHost}: not the app answers, but most likely a page of your company's network" @($askForApps)
  } else {
    Set-Untested 'apps' "${appHost}: the app's front door may have refused, or a page of your company's network"
    Write-Note $withApp
  }
}
function Test-Apps {
  $there = "https://$appHost/"
  # The status of HTTP, and that of the proxy.
  $form = '%{http_code} %{http_connect}'
  $answer = "$(& $curl.Source -sS --ssl-no-revoke --max-time 30 -o NUL -w $form $there 2>$null)"
  $ended = $LASTEXITCODE
  if ($answer -match '^407 ' -or $answer -eq '000 407') {
    Set-Failed 'apps' 'the proxy asks for a password on the way to apps' @(
      'Type: $env:HTTPS_PROXY = ''http://<user>:<password>@<proxy>:<port>'''
    )
  } elseif ($ended -eq 0 -and $answer -match '^(403|451|511) ') {
    Set-AppRefused
  } elseif ($ended -eq 0) {
    Set-Passed 'apps' "$appHost answers"
  } elseif ($ended -eq 56 -and $answer -match '^000 50[234]$') {
    Set-AppUnknown "the proxy finds no $appHost"
  } elseif (@(5, 56, 97) -contains $ended) {
    Set-Failed 'apps' "the proxy refuses $appHost, or is not there" @(
      'Type: Get-ChildItem env:*proxy*',
      $askForApps
    )
  } elseif ($ended -eq 6) {
    Set-AppUnknown "the name $appHost is not known here"
  } elseif (@(7, 28) -contains $ended) {
    Set-Failed 'apps' "$appHost does not answer" @('Connect your VPN and run this again.', $askForApps)
    Write-ProxyNote
  } elseif (@(35, 51, 58, 59, 60, 77, 83) -contains $ended) {
    $seen = Get-IssuerNumber $there $appHost
    Set-TlsFailed 'apps' $appHost $there $seen[0] $seen[1]
  } else {
    Set-Failed 'apps' "curl ends with $ended" @("Type: curl.exe -v $there")
  }
}

if (-not $asksApps) {
  Set-Untested 'apps' 'in this workshop nobody makes an app'
} elseif (-not $curl) {
  Set-Untested 'apps' 'there is no curl.exe in this Windows'
} elseif ($appHost) {
  Test-Apps
} elseif (-not $secure) {
  Set-Untested 'apps' 'a rehearsal on this computer has no host of apps'
} else {
  Set-Untested 'apps' "where the apps of $hostPart are does not follow from its address"
  Write-Note $withApp
}
