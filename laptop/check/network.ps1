# The way to the workspace: whether it answers, and who issued the certificate that this laptop was shown.
# Read in by check.ps1.

$asked = "$address/.well-known/databricks-config"

# ---- the certificate ----

# Through the proxy, where there is one.
function Connect-Client($Client, [string]$Target, [int]$Port) {
  if ($proxyAddress) {
    $through = $proxyAddress
    if ($through -notmatch '://') { $through = "http://$through" }
    $through = [uri]$through
    $Client.Connect($through.Host, $through.Port)
  } else {
    $Client.Connect($Target, $Port)
  }
}
# Asked also for a certificate that is not trusted; nothing secret is sent.
function Get-Issuer([string]$Target, [int]$Port) {
  $client = New-Object System.Net.Sockets.TcpClient
  try {
    Connect-Client $client $Target $Port
    $stream = $client.GetStream()
    $stream.ReadTimeout = 15000
    if ($proxyAddress) {
      $request = "CONNECT ${Target}:$Port HTTP/1.1`r`nHost: ${Target}:$Port`r`n`r`n"
      $ask = [System.Text.Encoding]::ASCII.GetBytes($request)
      $stream.Write($ask, 0, $ask.Length)
      $answer = New-Object byte[] 8192
      $stream.Read($answer, 0, $answer.Length) | Out-Null
    }
    $any = { $true } -as [System.Net.Security.RemoteCertificateValidationCallback]
    $tls = New-Object System.Net.Security.SslStream($stream, $false, $any)
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
  @(3, 'zscaler'),
  @(4, 'netskope|goskope'),
  @(5, 'palo alto|globalprotect|prisma access'),
  @(6, 'fortinet|fortigate'),
  @(7, 'cisco umbrella|cisco secure|o ?= ?cisco'),
  @(8, 'blue ?coat|symantec web|symantec cloud'),
  @(9, 'skyhigh|mcafee'),
  @(10, 'check ?point'),
  @(11, 'sophos'),
  @(12, 'forcepoint|websense'),
  @(13, 'gateway ca.*cloudflare|cloudflare.*gateway ca'),
  @(14, 'iboss'),
  @(15, 'barracuda'),
  @(16, 'kaspersky'),
  @(17, 'eset '),
  @(18, 'bitdefender'),
  @(19, 'avast|avg '),
  @(2, 'digicert|microsoft|amazon|let''s encrypt|globalsign|google trust'),
  @(2, 'sectigo|entrust|baltimore|starfield|godaddy|isrg')
)
# The number of the code, and the words, for whoever issued the certificate there.
function Get-IssuerNumber([string]$There, [string]$Target) {
  if ($There -notlike 'https://*') { return @(1, '') }
  if (-not $full) { return @(0, '') }
  $port = 443
  if ($Target -match ':(\d+)$') { $port = [int]$Matches[1] }
  $said = "$(Get-Issuer ($Target -replace ':.*$', '') $port)"
  if (-not $said) { return @(0, '') }
  foreach ($known in $issuers) {
    if ($said -match $known[1]) { return @($known[0], $said) }
  }
  return @(20, $said)
}
$issuer, $issuerSaid = Get-IssuerNumber $asked $hostPart

# ---- the answer ----

function Set-TlsFailed([string]$Check, [string]$WithWhom, [string]$There, [int]$Number, [string]$Said) {
  if ($Number -ge 3) {
    $why = "your company opens TLS, with a certificate that this laptop does not trust: $Said"
    Set-Failed $Check $why @(
      'Ask the network people of your letter for the root certificate, then',
      'type: certutil -user -addstore Root <certificate>.cer'
    )
  } else {
    Set-Failed $Check "TLS with $WithWhom cannot be agreed on" @(
      "Type: curl.exe -v $There",
      'Send what it prints to the network people of your letter.'
    )
  }
}

$curl = Find-Program 'curl.exe'
if (-not $curl) {
  Set-Untested 'reach' 'there is no curl.exe in this Windows'
} else {
  # Like the CLI, it does not ask whether a certificate was revoked: a certificate of a proxy cannot answer.
  $answer = "$(& $curl.Source -sS --ssl-no-revoke --max-time 30 -o NUL -w '%{http_code}' $asked 2>$null)"
  $ended = $LASTEXITCODE
  if ($ended -eq 0 -and $answer -eq '200') {
    Set-Passed 'reach' "$address answers"
  } elseif ($ended -eq 0 -and $answer -eq '407') {
    Set-Failed 'reach' 'the proxy asks for a password' @(
      'Type: $env:HTTPS_PROXY = ''http://<user>:<password>@<proxy>:<port>'''
    )
  } elseif ($ended -eq 0) {
    $why = "$address answers with HTTP ${answer}: no workspace, or a page of your company's network"
    Set-Failed 'reach' $why @("Open $address in a browser, sign in to the network if it asks, and run this again.")
  } elseif (@(5, 56, 97) -contains $ended) {
    Set-Failed 'reach' 'the proxy refuses the connection, or is not there' @(
      'Type: Get-ChildItem env:*proxy*',
      "Ask the network people of your letter to let $hostPart through, WebSocket included."
    )
  } elseif ($ended -eq 6) {
    Set-Failed 'reach' "the name $hostPart is not known here" @(
      'Connect your VPN, or check the address in your letter, and run this again.'
    )
    Write-ProxyNote
  } elseif (@(7, 28) -contains $ended) {
    Set-Failed 'reach' "$hostPart does not answer" @('Connect your VPN and run this again.')
    Write-ProxyNote
  } elseif (@(35, 51, 58, 59, 60, 77, 83) -contains $ended) {
    Set-TlsFailed 'reach' 'the workspace' $asked $issuer $issuerSaid
  } else {
    Set-Failed 'reach' "curl ends with $ended" @("Type: curl.exe -v $asked")
  }
}
if ($issuer -eq 2) { Write-Note 'TLS goes through unopened.' }
if ($issuer -ge 3) { Write-Note "TLS is opened on the way, by: $issuerSaid" }
if ($secure -and -not $full) {
  $why = 'your company lets PowerShell run with a part of its language only.'
  Write-Note "Who issued the certificate cannot be asked here: $why"
}
