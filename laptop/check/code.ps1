# The code for whoever asked for the check: src/domain/papers/laptop-evidence.ts says what each sign means.
# Read in by check.ps1.

# The number in base 32.
function ConvertTo-Signs([int]$Value, [int]$Count) {
  $text = ''
  for ($left = $Count; $left -gt 0; $left--) {
    $text = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.Substring($Value % 32, 1) + $text
    $Value = ($Value - $Value % 32) / 32
  }
  return $text
}
# A number below 32,749 for a text.
function Get-Fingerprint([string]$Text) {
  $sum = 0
  foreach ($sign in $Text.ToCharArray()) { $sum = ($sum * 37 + [int]$sign) % 32749 }
  return $sum
}
function Limit([int]$Value, [int]$Most) { if ($Value -gt $Most) { return $Most } else { return $Value } }

# In base three: 0 not tested, 1 passed, 2 failed. Two bits for each of eleven would be a sign more to read out.
$checks = @(
  'cli', 'version', 'ssh', 'vscode', 'remote-ssh', 'settings', 'reach', 'apps', 'sign-in', 'tunnel', 'check-claude'
)
$inThree = 0
foreach ($check in $checks) { $inThree = $inThree * 3 + [int]$results[$check] }
$days = ((Get-Date).ToUniversalTime() - [datetime]'1970-01-01').Days
# Windows is system 3.
$code = '2' + (ConvertTo-Signs (3 * 4 + $proxy) 1) + (ConvertTo-Signs $days 3)
$code += (ConvertTo-Signs (Limit $version[0] 31) 1) + (ConvertTo-Signs (Limit $version[1] 1023) 2)
$code += ConvertTo-Signs (Limit $version[2] 31) 1
$code += (ConvertTo-Signs $issuer 1) + (ConvertTo-Signs $inThree 4) + (ConvertTo-Signs (Get-Fingerprint $hostPart) 3)
$code += ConvertTo-Signs (Get-Fingerprint $code) 3
