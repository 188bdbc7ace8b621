# The guide's "Infrastructure setup" as resources: what one would keep in a repository.
terraform {
  required_providers {
    databricks = { source = "databricks/databricks" }
  }
}

# Host and token come from the environment.
provider "databricks" {}

variable "people_file" { type = string }
variable "script" { type = string }

locals {
  people = toset(compact(split("\n", file(var.people_file))))
}

resource "databricks_volume" "scripts" {
  catalog_name = "main"
  schema_name  = "default"
  name         = "init_scripts"
  volume_type  = "MANAGED"
}

resource "databricks_file" "script" {
  source = var.script
  path   = "${databricks_volume.scripts.volume_path}/install-claude-code.sh"
}

resource "databricks_grant" "catalog" {
  catalog    = "main"
  principal  = "account users"
  privileges = ["USE_CATALOG", "USE_SCHEMA", "READ_VOLUME"]
}

resource "databricks_cluster_policy" "workshop" {
  name = "claude-code-workshop"
  definition = jsonencode({
    autotermination_minutes = { type = "fixed", value = 60 }
  })
}

resource "databricks_instance_pool" "workshop" {
  instance_pool_name                    = "claude-code-workshop"
  node_type_id                          = "Standard_D4ds_v5"
  min_idle_instances                    = 0
  max_capacity                          = 500
  idle_instance_autotermination_minutes = 10
}

resource "databricks_cluster" "attendee" {
  for_each                = local.people
  cluster_name            = "claude-code-workshop-${split("@", each.value)[0]}"
  num_workers             = 0
  data_security_mode      = "SINGLE_USER"
  single_user_name        = each.value
  spark_version           = "17.3.x-scala2.13"
  autotermination_minutes = 60
  policy_id               = databricks_cluster_policy.workshop.id
  instance_pool_id        = databricks_instance_pool.workshop.id
  no_wait                 = true

  # As the provider documents a single node: with kind and is_single_node it would change every cluster at every run.
  spark_conf = {
    "spark.databricks.cluster.profile" = "singleNode"
    "spark.master"                     = "local[*]"
  }
  custom_tags = { ResourceClass = "SingleNode" }

  init_scripts {
    volumes {
      destination = databricks_file.script.path
    }
  }
  depends_on = [databricks_grant.catalog]
}

resource "databricks_permissions" "attendee" {
  for_each   = local.people
  cluster_id = databricks_cluster.attendee[each.value].id

  access_control {
    user_name        = each.value
    permission_level = "CAN_RESTART"
  }
}
