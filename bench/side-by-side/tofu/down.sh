#!/usr/bin/env bash
# Takes away what the state knows of.
set -euo pipefail
export TF_CLI_CONFIG_FILE="$WORK_FOLDER/tofu.rc"
"${TOFU:-tofu}" -chdir="$WORK_FOLDER" destroy -auto-approve -input=false -no-color \
  -var "people_file=$PEOPLE_FILE" -var "script=$WORK_FOLDER/install-claude-code.sh"
