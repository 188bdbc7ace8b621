#!/bin/sh
# The way to the apps that people build. They live under another host than the workspace, which a company's proxy, DNS
# or private network may not let through. Read in by check.sh.
# shellcheck disable=SC2154

# Without the address of an app, one is asked for that is not there: the same front door. That it answers for an unknown
# app, and for a workspace 0, no live workspace has confirmed.
app_host=$app
if [ -z "$app_host" ]; then
  case $host in
    adb-*.azuredatabricks.net)
      app_host=${host#adb-}
      app_host=workshop-check-${app_host%.azuredatabricks.net}.azure.databricksapps.com ;;
    *.gcp.databricks.com) app_host=workshop-check-0.gcp.databricksapps.com ;;
    *.cloud.databricks.com) app_host=workshop-check-0.aws.databricksapps.com ;;
  esac
fi
with_app='With the address of an app that runs, this can be told: add --app https://<app>'

ask_for_apps() { note "Ask the network people of your letter to let *.${app_host#*.} through, beside the workspace."; }
# A name that nobody knows says little where nobody knows whether there is such an app.
app_unknown() {
  if [ -n "$app" ]; then
    failed apps "$1" 'Connect your VPN, or check the address of the app, and run this again.'
    ask_for_apps
  else
    untested apps "$1, and whether there has to be one is not certain"
    note "$with_app"
  fi
}
check_apps() {
  answer=$(within 40 curl -sS --max-time 30 -o /dev/null -w '%{http_code} %{http_connect}' "https://$app_host/" \
    2>/dev/null)
  # How curl ended, the status of HTTP, and that of the proxy.
  case "$? $answer" in
    '0 407 '* | '56 000 407')
      failed apps 'the proxy asks for a password on the way to apps' \
        'Type: export HTTPS_PROXY=http://<user>:<password>@<proxy>:<port>' ;;
    '0 403 '* | '0 451 '* | '0 511 '*)
      if [ "$issuer" -lt 3 ]; then
        passed apps "$app_host answers"
      elif [ -n "$app" ]; then
        failed apps "$app_host: not the app answers, but most likely a page of your company's network"
        ask_for_apps
      else
        untested apps "$app_host: the app's front door may have refused, or a page of your company's network"
        note "$with_app"
      fi ;;
    '0 '*) passed apps "$app_host answers" ;;
    '56 000 502' | '56 000 503' | '56 000 504') app_unknown "the proxy finds no $app_host" ;;
    '5 '* | '56 '* | '97 '*)
      failed apps "the proxy refuses $app_host, or is not there" 'Type: env | grep -i proxy'
      ask_for_apps ;;
    '6 '*) app_unknown "the name $app_host is not known here" ;;
    '7 '* | '28 '* | '143 '*)
      failed apps "$app_host does not answer" 'Connect your VPN and run this again.'
      ask_for_apps
      say_proxy ;;
    '35 '* | '51 '* | '58 '* | '59 '* | '60 '* | '77 '* | '83 '*)
      asked="https://$app_host/"
      look_at_certificate "$asked" "$app_host"
      failed_tls apps "$app_host" ;;
    *) failed apps "curl ends with ${answer:-nothing}" "Type: curl -v https://$app_host/" ;;
  esac
}

if [ "$asks_apps" = no ]; then
  untested apps 'in this workshop nobody makes an app'
elif ! have curl; then
  untested apps 'there is no curl on this laptop'
elif [ -n "$app_host" ]; then
  check_apps
else
  case $workspace in
    http://*) untested apps 'a rehearsal on this computer has no host of apps' ;;
    *)
      untested apps "where the apps of $host are does not follow from its address"
      note "$with_app" ;;
  esac
fi
