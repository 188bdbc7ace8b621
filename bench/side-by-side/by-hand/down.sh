#!/usr/bin/env bash
# The guide's "Post-workshop cleanup": all clusters whose name begins as the workshop's do, and the pool.
set -euo pipefail
databricks=${DATABRICKS_CLI:-databricks}

"$databricks" clusters list -o json |
  jq -r '.[] | select(.cluster_name | startswith("claude-code-workshop-")) | .cluster_id' |
  while IFS= read -r cluster; do "$databricks" clusters permanent-delete "$cluster"; done
"$databricks" instance-pools list -o json |
  jq -r '.[] | select(.instance_pool_name == "claude-code-workshop") | .instance_pool_id' |
  while IFS= read -r pool; do "$databricks" instance-pools delete "$pool"; done
