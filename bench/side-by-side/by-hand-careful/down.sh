#!/usr/bin/env bash
# The guide's "Post-workshop cleanup", eight clusters at a time.
set -euo pipefail
databricks=${DATABRICKS_CLI:-databricks}

"$databricks" clusters list -o json |
  jq -r '.[] | select(.cluster_name | startswith("claude-code-workshop-")) | .cluster_id' |
  xargs -r -P 8 -n 1 "$databricks" clusters permanent-delete
"$databricks" instance-pools list -o json |
  jq -r '.[] | select(.instance_pool_name == "claude-code-workshop") | .instance_pool_id' |
  while IFS= read -r pool; do "$databricks" instance-pools delete "$pool"; done
