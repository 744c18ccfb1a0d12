#!/bin/sh
# COMMAND REPORT...: prints what the shards found, and fails if there is anything.
command=$1
shift
exec "$command" --merge "$@"
