#!/usr/bin/env bash
# Whole cases a second of one core in memory: our step function, and npm's bpmn-engine on the same process, one after the other in one run, in
# processor time. Prints the ratio. The peer is installed from npm into build/bench-peers.
#   bench/cases.sh [BUILD_FOLDER] [FOLDER_OF_PEERS]      FOLDER_OF_PEERS: bpmn_engine.mjs, proc.bpmn (JUNXIAN_SHARED/peers)
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$here/build/release}
shared=${JUNXIAN_SHARED:-$here/../shared}
peers=$(cd "${2:-$shared/peers}" && pwd)
[ -x "$build/bin/bench_cases" ] || { echo "needs $build/bin/bench_cases: cmake --preset release && cmake --build --preset release --target bench_cases" >&2; exit 2; }

work=$here/build/bench-peers
mkdir -p "$work"
cd "$work"
[ -f package.json ] || echo '{"private": true}' >package.json
[ -d node_modules/bpmn-engine ] || npm install --silent --no-audit --no-fund bpmn-engine@25.0.1 bpmn-moddle@10.3.1
"$build/bin/bench_cases" step | tee "$work/ours.txt"
node --expose-gc "$peers/bpmn_engine.mjs" | tee "$work/theirs.txt"
awk '
  FNR == NR { for (i = 1; i <= NF; ++i) if ($i ~ /^[0-9]+$/) ours = $i; next }
  /mode=context getState\+JSON=false/ { for (i = 1; i <= NF; ++i) if ($(i + 1) == "inst") printf "ours / bpmn-engine %.0f\n", ours / $i }' "$work/ours.txt" "$work/theirs.txt"
