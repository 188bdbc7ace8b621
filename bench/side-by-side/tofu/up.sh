#!/usr/bin/env bash
# The state lies in WORK_FOLDER, as on the computer of whoever runs it. The provider is taken from the folder that
# DATABRICKS_PROVIDER names: no registry is asked.
set -euo pipefail
cp -- "$(dirname -- "$0")/main.tf" "$WORK_FOLDER/main.tf"
printf '#!/bin/bash\necho ready\n' >"$WORK_FOLDER/install-claude-code.sh"
printf 'provider_installation {\n  dev_overrides {\n    "databricks/databricks" = "%s"\n  }\n  direct {}\n}\n' \
  "$DATABRICKS_PROVIDER" >"$WORK_FOLDER/tofu.rc"
export TF_CLI_CONFIG_FILE="$WORK_FOLDER/tofu.rc"
"${TOFU:-tofu}" -chdir="$WORK_FOLDER" apply -auto-approve -input=false -no-color \
  -var "people_file=$PEOPLE_FILE" -var "script=$WORK_FOLDER/install-claude-code.sh"
