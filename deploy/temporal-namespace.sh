#!/bin/sh
# Makes the namespace, or brings its retention up to date. temporal reads TEMPORAL_ADDRESS from the environment.
set -eu

for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
  if temporal operator cluster health; then break; fi
  sleep 5
done

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi
