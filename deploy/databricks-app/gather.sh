#!/bin/sh
# Gathers what is uploaded as a Databricks App: sh deploy/databricks-app/gather.sh FOLDER [APP_YAML]
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
folder=${1:?'say into which folder, which need not exist'}
settings=${2:-$root/deploy/databricks-app/app.yaml}
mkdir -p "$folder"
git -C "$root" archive HEAD package.json package-lock.json src sandbox/index.ts sandbox/src laptop messages set-up \
  workshop.example.yaml | tar -x -C "$folder"
cp -- "$settings" "$folder/app.yaml"
