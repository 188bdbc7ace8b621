#!/bin/sh
# The way to the workspace: whether it answers, and who issued the certificate that this laptop was shown.
# Read in by check.sh.
# shellcheck disable=SC2034,SC2154

asked=$workspace/.well-known/databricks-config

# ---- the certificate ----

# Asked also for a certificate that is not trusted; nothing secret is sent.
issuer_said() {
  said=$(within 40 curl -skv --max-time 30 -o /dev/null "$1" 2>&1 | sed -n 's/^\* *issuer: *//p' | tail -n 1)
  if [ -z "$said" ] && have openssl; then
    case $2 in *:*) port=${2##*:} ;; *) port=443 ;; esac
    said=$(within 30 openssl s_client -connect "${2%%:*}:$port" -servername "${2%%:*}" 2>/dev/null |
      sed -n 's/^issuer=//p' | head -n 1)
  fi
}

# look_at_certificate ADDRESS HOST: who issued it, in words in said, and as the number of the code in issuer.
# The sandbox of a rehearsal is on this machine, and has no certificate.
look_at_certificate() {
  said=
  issuer=0
  case $1 in http://*) issuer=1; return ;; esac
  issuer_said "$1" "$2"
  case $(printf %s "$said" | tr '[:upper:]' '[:lower:]') in
    '') ;;
    *zscaler*) issuer=3 ;;
    *netskope* | *goskope*) issuer=4 ;;
    *'palo alto'* | *globalprotect* | *'prisma access'*) issuer=5 ;;
    *fortinet* | *fortigate*) issuer=6 ;;
    *'cisco umbrella'* | *'cisco secure'* | *'o=cisco'* | *'o = cisco'*) issuer=7 ;;
    *'blue coat'* | *bluecoat* | *'symantec web'* | *'symantec cloud'*) issuer=8 ;;
    *skyhigh* | *mcafee*) issuer=9 ;;
    *'check point'* | *checkpoint*) issuer=10 ;;
    *sophos*) issuer=11 ;;
    *forcepoint* | *websense*) issuer=12 ;;
    *'gateway ca'*cloudflare* | *cloudflare*'gateway ca'*) issuer=13 ;;
    *iboss*) issuer=14 ;;
    *barracuda*) issuer=15 ;;
    *kaspersky*) issuer=16 ;;
    *'eset '*) issuer=17 ;;
    *bitdefender*) issuer=18 ;;
    *'avast'* | *'avg '*) issuer=19 ;;
    *digicert* | *microsoft* | *amazon* | *"let's encrypt"* | *globalsign* | *'google trust'*) issuer=2 ;;
    *sectigo* | *entrust* | *baltimore* | *starfield* | *godaddy* | *isrg*) issuer=2 ;;
    *) issuer=20 ;;
  esac
}
look_at_certificate "$asked" "$host"
workspace_issuer=$issuer

# ---- the answer ----

# failed_tls CHECK WITH-WHOM: after look_at_certificate, of what is in asked.
failed_tls() {
  if [ "$issuer" -ge 3 ]; then
    failed "$1" "your company opens TLS, with a certificate that this laptop does not trust: $said" \
      'Ask the network people of your letter for the root certificate, then'
    if [ "$system" = 1 ]; then
      keychain=/Library/Keychains/System.keychain
      note "type: sudo security add-trusted-cert -d -r trustRoot -k $keychain <certificate>.pem"
    else
      folder=/usr/local/share/ca-certificates
      note "type: sudo cp <certificate>.pem $folder/company.crt && sudo update-ca-certificates"
    fi
  else
    failed "$1" "TLS with $2 cannot be agreed on" "Type: curl -v $asked" \
      'Send what it prints to the network people of your letter.'
  fi
}

if ! have curl; then
  untested reach 'there is no curl on this laptop'
else
  answer=$(within 40 curl -sS --max-time 30 -o /dev/null -w '%{http_code}' "$asked" 2>/dev/null)
  # How curl ended, and the status of HTTP.
  case $?:$answer in
    0:200) passed reach "$workspace answers" ;;
    0:407)
      failed reach 'the proxy asks for a password' \
        'Type: export HTTPS_PROXY=http://<user>:<password>@<proxy>:<port>' ;;
    0:*)
      failed reach "$workspace answers with HTTP $answer: no workspace, or a page of your company's network" \
        "Open $workspace in a browser, sign in to the network if it asks, and run this again." ;;
    5:* | 56:* | 97:*)
      failed reach 'the proxy refuses the connection, or is not there' 'Type: env | grep -i proxy' \
        "Ask the network people of your letter to let $host through, WebSocket included." ;;
    6:*)
      failed reach "the name $host is not known here" \
        'Connect your VPN, or check the address in your letter, and run this again.'
      say_proxy ;;
    7:* | 28:* | 143:*)
      failed reach "$host does not answer" 'Connect your VPN and run this again.'
      say_proxy ;;
    35:* | 51:* | 58:* | 59:* | 60:* | 77:* | 83:*) failed_tls reach 'the workspace' ;;
    *) failed reach "curl ends with ${answer:-nothing}" "Type: curl -v $asked" ;;
  esac
fi
case $issuer in
  0 | 1) ;;
  2) note 'TLS goes through unopened.' ;;
  *) note "TLS is opened on the way, by: $said" ;;
esac
