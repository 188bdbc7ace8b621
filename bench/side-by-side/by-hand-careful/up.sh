#!/usr/bin/env bash
# The same with care: whoever has a cluster by its name gets no other one, and eight people are served at a time.
set -euo pipefail
databricks=${DATABRICKS_CLI:-databricks}
script=dbfs:/Volumes/main/default/init_scripts/install-claude-code.sh

"$databricks" volumes read main.default.init_scripts >/dev/null 2>&1 ||
  "$databricks" volumes create main default init_scripts MANAGED >/dev/null
printf '#!/bin/bash\necho ready\n' >"$WORK_FOLDER/install-claude-code.sh"
"$databricks" fs cp --overwrite "$WORK_FOLDER/install-claude-code.sh" "$script" >/dev/null
"$databricks" grants update catalog main --json \
  '{"changes": [{"principal": "account users", "add": ["USE_CATALOG", "USE_SCHEMA", "READ_VOLUME"]}]}' >/dev/null

policy=$("$databricks" cluster-policies list -o json |
  jq -r '.[] | select(.name == "claude-code-workshop") | .policy_id')
[ -n "$policy" ] ||
  policy=$("$databricks" cluster-policies create --json '{"name": "claude-code-workshop",
    "definition": "{\"autotermination_minutes\": {\"type\": \"fixed\", \"value\": 60}}"}' | jq -r .policy_id)
pool=$("$databricks" instance-pools list -o json |
  jq -r '.[] | select(.instance_pool_name == "claude-code-workshop") | .instance_pool_id')
[ -n "$pool" ] ||
  pool=$("$databricks" instance-pools create claude-code-workshop Standard_D4ds_v5 --max-capacity 500 \
    --min-idle-instances 0 --idle-instance-autotermination-minutes 10 -o json | jq -r .instance_pool_id)

there=$("$databricks" clusters list -o json | jq -r '.[].cluster_name')
one_person() {
  name=claude-code-workshop-${1%%@*}
  ! grep -qxF "$name" <<<"$there" || return 0
  cluster=$("$databricks" clusters create --no-wait -o json --json "$(jq -n \
    --arg person "$1" --arg name "$name" --arg policy "$policy" --arg pool "$pool" '{
      cluster_name: $name,
      kind: "CLASSIC_PREVIEW", is_single_node: true, data_security_mode: "SINGLE_USER", single_user_name: $person,
      spark_version: "17.3.x-scala2.13", autotermination_minutes: 60, policy_id: $policy, instance_pool_id: $pool,
      init_scripts: [{volumes: {destination: "/Volumes/main/default/init_scripts/install-claude-code.sh"}}]
    }')" | jq -r .cluster_id)
  "$databricks" permissions update clusters "$cluster" --json \
    "{\"access_control_list\": [{\"user_name\": \"$1\", \"permission_level\": \"CAN_RESTART\"}]}" >/dev/null
}
export -f one_person
export databricks policy pool there
xargs -P 8 -I{} bash -euo pipefail -c 'one_person {}' <"$PEOPLE_FILE"
