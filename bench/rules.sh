#!/usr/bin/env bash
# Decisions a second of one core, a table of 10 rules over 3 inputs, first hit: ours, and npm's feelin, dmn-eval-js and json-rules-engine on the same table,
# one after the other in one run, in processor time. Prints the ratios. The peers are installed from npm into build/bench-peers.
#   bench/rules.sh [BUILD_FOLDER] [FOLDER_OF_PEERS]      FOLDER_OF_PEERS: elig.dmn, table.mjs, dmn_bench.mjs (JUNXIAN_SHARED/peers)
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$here/build/release}
shared=${JUNXIAN_SHARED:-$here/../shared}
peers=$(cd "${2:-$shared/peers}" && pwd)
[ -x "$build/bin/bench_rules" ] || { echo "needs $build/bin/bench_rules: cmake --preset release && cmake --build --preset release --target bench_rules" >&2; exit 2; }

work=$here/build/bench-peers
mkdir -p "$work"
cd "$work"
[ -f package.json ] || echo '{"private": true}' >package.json
[ -d node_modules/json-rules-engine ] || npm install --silent --no-audit --no-fund feelin@8.2.0 @hbtgmbh/dmn-eval-js@1.5.0 json-rules-engine@7.3.1
largest=$(find "$shared/suites/dmn" -name '*.dmn' -printf '%s %p\n' 2>/dev/null | sort -n | tail -1 | cut -d' ' -f2-)
"$build/bin/bench_rules" "$peers" ${largest:+"$largest"} | tee "$work/ours.txt"
node "$peers/dmn_bench.mjs" | grep -E '^(feelin unaryTest|feelin evaluate|@hbtgmbh|json-rules|hand)' | sed 's/ *hist=.*//' | tee "$work/theirs.txt"
awk -F: '
  FNR == NR { if (/by slot/) { sub(/.*by slot */, ""); ours = $0 + 0 } next }
  { rate = $2 + 0; if (rate > 0) printf "ours / %-36s %.1f\n", $1, ours / rate }' "$work/ours.txt" "$work/theirs.txt"
