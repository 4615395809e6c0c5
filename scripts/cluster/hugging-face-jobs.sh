#!/bin/bash
# One part of a comparison in each of N Hugging Face Jobs, and one Job that merges them:
#
#   scripts/cluster/hugging-face-jobs.sh BUCKET N A B [--adapter C] [--rename RULE]
#
# BUCKET (owner/name) is made if it is not there, and keeps the parts; PACKAGE goes into it. Run it from where hf is signed in
# (hf auth login) and HF_TOKEN is set, if A or B needs it. Jobs have no array and no requeue: where one fails or runs out of
# time, run the same command again. Parts that are whole end at once, the others go on from their files.
#
#   PACKAGE  what npm pack made in a checkout (auscult.tgz)
#   FLAVOR   the hardware of a part: hf jobs hardware lists them (cpu-upgrade)
#   TIMEOUT  the longest a part may take (6h)
set -euo pipefail

if (($# < 4)) || ! [[ $1 == ?*/?* && $2 =~ ^[1-9][0-9]*$ ]]; then
  echo "Give a bucket (owner/name), a number of parts and two references: $0 BUCKET N A B" >&2
  exit 2
fi
bucket=$1 parts=$2
shift 2

hf buckets create "$bucket" --private --exist-ok >&2
hf buckets cp "${PACKAGE:-auscult.tgz}" "hf://buckets/$bucket/auscult.tgz" >&2

# job NAME FLAVOR COMMAND [WORD…]: starts a Job, and prints its id. Without the --, hf takes sh -e for an --env of its own.
job() {
  local name=$1 flavor=$2 command=$3
  shift 3
  hf jobs run --detach --quiet --name "$name" --flavor "$flavor" --timeout "${TIMEOUT:-6h}" ${HF_TOKEN:+--secrets HF_TOKEN} \
    --volume "hf://buckets/$bucket:/shared" -- node:22-slim \
    sh -euc "tar -xzf /shared/auscult.tgz -C /tmp; $command" auscult "$@"
}

ids=()
for ((index = 1; index <= parts; index++)); do
  # Not $(…) inside the list: there a Job that does not start would go unnoticed.
  id=$(job "auscult-part-$index" "${FLAVOR:-cpu-upgrade}" \
    'mkdir -p /shared/parts; exec node /tmp/package/dist-cli/auscult.mjs part "$@"' \
    "$index/$parts" "$@" -o "/shared/parts/$index-of-$parts.part.json")
  ids+=("$id")
done
echo "$parts Jobs are started; waiting for all of them." >&2
if ! hf jobs wait "${ids[@]}" >&2; then
  echo "Not every part is whole: run the same command again, and hf jobs logs ID tells what one of them said." >&2
  exit 1
fi

id=$(job auscult-merge cpu-upgrade \
  'exec node /tmp/package/dist-cli/auscult.mjs merge /shared/parts/*.part.json -o /shared/comparison.auscult.json.gz')
hf jobs wait "$id" >&2
hf buckets cp "hf://buckets/$bucket/comparison.auscult.json.gz" comparison.auscult.json.gz >&2
echo comparison.auscult.json.gz
