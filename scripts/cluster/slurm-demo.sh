#!/bin/bash
# Shows slurm-array.sbatch and slurm-merge.sbatch at work on a real Slurm of one node, this machine:
#
#   scripts/cluster/slurm-demo.sh [A B [PARTS]]
#
# It starts munged, slurmctld and slurmd with a configuration of its own, submits the parts of the demo pair (or of the
# references given) and the merge that depends on them, ends the node with SIGKILL while a task is running, starts the
# node again, and holds the merged comparison against the one of a single run. All state lies in a temporary folder, and
# all daemons are ended when it ends, whatever happens. The exit status is 0 only where everything came true.
#
# The demo pair takes less than a second, so its second part is held before it begins, until the node dies. With
# references of your own nothing is held: the node dies when the unfinished file of the second part appears.
#
#   AUSCULT  the command (the one of this checkout)
#   PATIENCE the longest wait for one thing to come true, in seconds (600)
#   KEEP     set: the temporary folder is kept, with all logs
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
PATH=$PATH:/usr/sbin:/sbin # where Debian has daemons

for tool in munged slurmctld slurmd sbatch scontrol squeue sinfo; do
  if ! command -v "$tool" >/dev/null; then
    echo "$tool is not here, and this needs Slurm and MUNGE. On Debian: apt-get install slurm-wlm munge" >&2
    exit 2
  fi
done

case $# in
  0) a=$root/public/demo/base b=$root/public/demo/tuned parts=4 held=yes ;;
  2 | 3) a=$1 b=$2 parts=${3:-4} held= ;;
  *)
    echo "Give two references and perhaps a number of parts, or nothing: $0 [A B [PARTS]]" >&2
    exit 2
    ;;
esac
if ! [[ $parts =~ ^[1-9][0-9]*$ ]] || ((parts < 2)); then
  echo "The number of parts is \"$parts\"; it must be 2 or more, for the second is the one that is ended." >&2
  exit 2
fi
victim=2
# Jobs run in a folder of their own; npm's note of where it was called from would lead them out of it again.
if [[ -e $a ]]; then a=$(realpath "$a"); fi
if [[ -e $b ]]; then b=$(realpath "$b"); fi
unset INIT_CWD

begun=$(date +%s%N)
state=$(mktemp -d)
node=$(hostname -s)
export SLURM_CONF=$state/slurm.conf

say() { awk -v ns="$(($(date +%s%N) - begun))" -v text="$*" 'BEGIN { printf "%6.1f s  %s\n", ns / 1e9, text }'; }

fail() {
  echo "$* (KEEP=1 keeps the logs.)" >&2
  exit 1
}

# wait_for WHAT COMMAND…: until the command succeeds.
wait_for() {
  local what=$1 end=$((SECONDS + ${PATIENCE:-600}))
  shift
  until "$@"; do
    ((SECONDS < end)) || fail "Waited ${PATIENCE:-600} s for $what."
    sleep 0.1
  done
}

# ---------------------------------------------------------------------------------------------- what runs, and its end

pid_of() { # a daemon, where it runs
  local pid
  pid=$(cat "$state/$1.pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null && echo "$pid"
}

family() { # a process and all below it
  local child
  echo "$1"
  for child in $(ps -o pid= --ppid "$1"); do family "$child"; done
}

steps() { # all processes of the jobs that run: those of Slurm's own that watch them, and what is below
  local pid
  for pid in $(scontrol listpids 2>/dev/null | awk '$3 == "batch" && $4 == "0" { print $1 }'); do
    family "$(ps -o ppid= -p "$pid" | tr -d ' ')"
  done
}

end_all() {
  local status=$? pid daemon tries
  trap - EXIT INT TERM
  set +e
  for pid in $(steps); do kill -KILL "$pid" 2>/dev/null; done
  for daemon in slurmd slurmctld munged; do
    pid=$(pid_of "$daemon") || continue
    kill -TERM "$pid"
    for ((tries = 0; tries < 100; tries++)); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null && echo "$daemon had to be killed." >&2
  done
  if [[ -n ${KEEP:-} ]]; then echo "Kept: $state"; else rm -rf "$state"; fi
  exit "$status"
}
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ----------------------------------------------------------------------------------------------------------- one run

mkdir "$state/spool" "$state/control" "$state/work"
if [[ -n ${AUSCULT:-} ]]; then command=$AUSCULT; else command="node $(printf %q "$root/scripts/auscult.mjs")"; fi
cat >"$state/auscult" <<COMMAND
#!/bin/bash
# Where a task is to be held, its first run goes no further than this; Slurm sees a task that runs.
if [[ -n "$held" && \${SLURM_ARRAY_TASK_ID:-} == $victim && \${SLURM_RESTART_COUNT:-0} == 0 ]]; then
  touch "$state/reached"
  exec tail -f /dev/null
fi
exec $command "\$@"
COMMAND
chmod +x "$state/auscult"
export AUSCULT=$state/auscult PARTS_FOLDER=$state/parts OUT=$state/merged.auscult.json

"$AUSCULT" compare "$a" "$b" -o "$state/single.auscult.json" || fail "The single run failed."
say "one run: all of the comparison is done, to hold the other against"

# -------------------------------------------------------------------------------------------------------- the daemons

read -r control_port node_port < <(node -e '
  const { createServer } = require("node:net");
  const servers = [createServer(), createServer()];
  for (const server of servers) server.listen(0, "127.0.0.1");
  setImmediate(() => {
    console.log(servers.map((server) => server.address().port).join(" "));
    for (const server of servers) server.close();
  });
')
(umask 077 && head -c 128 /dev/urandom >"$state/munge.key")
# No accounting, no cgroups, no systemd. A node that says nothing is down after seconds, not minutes (SlurmdTimeout), and a
# task that was ended may begin again as soon (cred_expire).
cat >"$SLURM_CONF" <<CONF
ClusterName=auscult
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$control_port
SlurmdPort=$node_port
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$state/munge.socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,bf_interval=2
SlurmdTimeout=10
ReturnToService=2
StateSaveLocation=$state/control
SlurmdSpoolDir=$state/spool
SlurmctldPidFile=$state/slurmctld.pid
SlurmdPidFile=$state/slurmd.pid
SlurmctldLogFile=$state/slurmctld.log
SlurmdLogFile=$state/slurmd.log
NodeName=$node NodeAddr=127.0.0.1 CPUs=2 RealMemory=1024 State=UNKNOWN
PartitionName=all Nodes=$node Default=YES State=UP
CONF

start_node() { slurmd -f "$SLURM_CONF" -N "$node"; }
node_is_idle() { [[ $(sinfo -h -o %T 2>/dev/null) == idle ]]; }

munged --force --socket="$state/munge.socket" --key-file="$state/munge.key" --pid-file="$state/munged.pid" \
  --log-file="$state/munged.log" --seed-file="$state/munged.seed" 2>/dev/null
slurmctld -f "$SLURM_CONF"
start_node
wait_for "the node to be idle" node_is_idle
say "$(slurmctld -V) runs: one node, idle"

# ----------------------------------------------------------------------------------------------- the parts, the merge

submit() { (cd "$state/work" && sbatch --parsable --cpus-per-task=1 --mem=256M "$@"); }
array=$(submit --array="1-$parts%2" "$here/slurm-array.sbatch" "$a" "$b")
merge=$(submit --dependency="afterok:$array" "$here/slurm-merge.sbatch")
say "submitted: array $array of $parts parts, two at a time, and merge $merge, which depends on it"

field() { scontrol show job "$1" 2>/dev/null | tr ' ' '\n' | sed -n "/^$2=/{s///p;q}"; }
state_of() { field "$1" JobState; }
over() { [[ $(state_of "$1") =~ ^(COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL|OUT_OF_MEMORY)$ ]]; }
# The tasks that are running, or nothing while others wait or end.
alone() { [[ $(squeue -r -h -j "$array" -o %i:%T) == "${array}_$victim:RUNNING" ]]; }
in_the_middle() {
  over "${array}_$victim" && fail "Part $victim was over before its node could die: give larger models, or none."
  if [[ -n $held ]]; then [[ -e $state/reached ]] && alone; else [[ -e $PARTS_FOLDER/$victim-of-$parts.part.json ]]; fi
}
wait_for "part $victim to be in the middle" in_the_middle

[[ $(state_of "$merge") == PENDING && ! -e $OUT ]] || fail "The merge did not wait."
whole() { find "$PARTS_FOLDER" -name '*.part.json' ! -name "$victim-of-*" | wc -l; }
say "task ${array}_$victim is $(state_of "${array}_$victim"), $(whole) other parts are there; merge $merge is $(state_of "$merge") ($(field "$merge" Reason))"

# ------------------------------------------------------------------------------------------------- the node dies, lives

victims=$(steps)
kill -KILL "$(pid_of slurmd)" $victims
say "the node died: SIGKILL to slurmd, and to all $(wc -w <<<"$victims") processes of what it ran"
requeued() { [[ $(field "${array}_$victim" Restarts) -ge 1 ]]; }
wait_for "Slurm to find the node dead" requeued
say "Slurm found the node $(sinfo -h -o %T) and requeued ${array}_$victim, which is $(state_of "${array}_$victim") again"
start_node
say "the node is started again"

wait_for "the merge" over "$merge"
ended=$(state_of "$merge")
[[ $ended == COMPLETED ]] || fail "The merge ended as $ended: $(cat "$state"/work/auscult-merge-*.log)"
for ((index = 1; index <= parts; index++)); do
  [[ $(state_of "${array}_$index") == COMPLETED ]] || fail "Part $index is $(state_of "${array}_$index")."
done
say "all $parts parts are COMPLETED, ${array}_$victim after $(field "${array}_$victim" Restarts) restart; merge $merge is COMPLETED"

node "$here/same-comparison.mjs" "$state/single.auscult.json" "$OUT" || fail "The merged comparison is another one than that of the single run."
say "the merged file ($(wc -c <"$OUT") bytes) is that of the single run, byte for byte but for engine and time"
