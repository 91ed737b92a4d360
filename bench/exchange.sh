#!/usr/bin/env bash
# One record by key, masked, recorded durably, SQLite everywhere: POST /api/v1/data/{resource}/query by wrk with 64 connections on this machine, each answer
# under a session, a grant and a programme, with its usage row and ledger entry committed before it leaves. Beside it, with --directus, Directus 10.13.1
# (npm, installed into build/bench-peers) that reads the same table by key, in the same run. Prints requests a second, latencies and the ratio.
#   bench/exchange.sh [--directus] [BUILD_FOLDER] [SECONDS]      needs wrk, curl, sqlite3
# With --postgres the register and the node's own data are in PostgreSQL, a server of its own (tools/with-postgres, fsync on). With --postgraphile as well
# PostGraphile 4 (npm, into build/bench-peers) reads the same table by key there, without any authorisation, record or mask, in the same run.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
directus='' postgres='' postgraphile=''
while :; do
  case "${1:-}" in
    --directus) directus=yes ;;
    --postgres) postgres=yes ;;
    --postgraphile) postgres=yes postgraphile=yes ;;
    *) break ;;
  esac
  shift
done
if [ -n "$postgres" ] && [ -z "${JUNXIAN_TEST_POSTGRES:-}" ]; then
  exec "$here/tools/with-postgres" --durable "$0" --postgres ${postgraphile:+--postgraphile} "$@"
fi
build=${1:-$here/build/release}
seconds=${2:-10}
for tool in wrk curl sqlite3; do command -v $tool >/dev/null || { echo "needs $tool (a Debian package)" >&2; exit 2; }; done
junxian=$build/bin/junxian
[ -x "$junxian" ] || { echo "needs $junxian" >&2; exit 2; }

work=$(mktemp -d)
pids=()
finish() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null; rm -rf "$work"; }
trap finish EXIT
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)

# The demo county, with a grant for this.
mkdir -p "$work/packs" "$work/var"
cp -r "$here/packs/common" "$here/packs/yunxi" "$work/packs/"
cat >"$work/packs/yunxi/grants/bench.yaml" <<TEXT
id: bench
resource: resident-basic
consumer: fire
binding: programme
programme: restaurant-fire-inspections
purpose: {zh-CN: 测量, en: To measure}
legal_basis: [{law: {zh-CN: 政务数据共享条例, en: Regulations on Government Data Sharing}, article: '20'}]
fields:
  - {id: name}
  - {id: birth_date}
  - {id: household_address}
  - {id: phone, mask: 'substring(value, 1, 3) + "****" + substring(value, -4)'}
lookup: [citizen_id]
rows: 'status = "valid"'
calls_per_minute: 100000000
valid_from: 2025-09-01
valid_to: 2028-08-31
TEXT
database=junxian.db
if [ -n "$postgres" ]; then
  database=${JUNXIAN_TEST_POSTGRES%/*}/bench_node
  psql -Xq "$JUNXIAN_TEST_POSTGRES" -c "CREATE DATABASE bench_node TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'" -c 'CREATE DATABASE bench_population'
fi
cat >"$work/var/junxian.yaml" <<TEXT
data: .
keys: keys
database: $database
web: $here/web
listen:
  - {address: "127.0.0.1", port: $port}
log: {level: warning, file: junxian.log}
calls_per_second: 0
TEXT
"$here/tools/prepare-data" "$work/packs/yunxi" "$work/var"
if [ -n "$postgres" ]; then  # the same register, in a PostgreSQL database of the department
  population=${JUNXIAN_TEST_POSTGRES%/*}/bench_population
  { echo 'SET client_min_messages = warning;'; sqlite3 "$work/var/silos/population.sqlite" '.dump resident' | grep -v '^PRAGMA' | sed 's/) STRICT;/);/'; } | psql -Xq "$population" >/dev/null
  psql -Xq "$population" -c 'ANALYZE'
  cat >"$work/packs/yunxi/sources/population.yaml" <<TEXT
id: population
name: {zh-CN: 人口信息库, en: Population register}
unit: public-security
kind: postgresql
host: 127.0.0.1
port: ${PGPORT}
database: bench_population
user: postgres
tls: off
TEXT
fi
"$junxian" init --config "$work/var/junxian.yaml" >/dev/null
"$junxian" pack apply "$work/packs/yunxi" --config "$work/var/junxian.yaml" >/dev/null
"$junxian" serve --config "$work/var/junxian.yaml" >/dev/null & pids+=($!)
base=http://127.0.0.1:$port
until curl -fs "$base/healthz" >/dev/null; do sleep 0.05; done
password=$(curl -fs "$base/api/v1/jurisdiction" | python3 -c 'import json,sys; print(next(a["password"] for a in json.load(sys.stdin)["accounts"] if a["sign_in"] == "sun.hao"))')
csrf=$(curl -fs -c "$work/jar" -H 'Content-Type: application/json' -d "{\"sign_in\":\"sun.hao\",\"password\":\"$password\"}" "$base/api/v1/session" | python3 -c 'import json,sys; print(json.load(sys.stdin)["csrf_token"])')
curl -fs -b "$work/jar" -c "$work/jar" -X PUT -H "X-CSRF-Token: $csrf" -H 'Content-Type: application/json' -d '{"post":"fire/inspector"}' "$base/api/v1/session/post" >/dev/null
cookie=$(awk '/junxian_session/ { print $6 "=" $7 }' "$work/jar")

sqlite3 "$work/var/silos/population.sqlite" "SELECT citizen_id FROM resident WHERE status = 'valid' ORDER BY citizen_id LIMIT 1500" >"$work/ids"
cat >"$work/ours.lua" <<LUA
local ids = {}
for id in io.lines("$work/ids") do ids[#ids + 1] = id end
local n = 0
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-CSRF-Token"] = "$csrf"
wrk.headers["Cookie"] = "$cookie"
function request()
  n = n + 1
  return wrk.format("POST", "/api/v1/data/resident-basic/query", nil,
    '{"grant":"bench","programme":"restaurant-fire-inspections","where":[{"field":"citizen_id","op":"eq","value":"' .. ids[n % #ids + 1] .. '"}],"limit":1}')
end
function done(summary, latency, requests)
  io.write(string.format("%.0f requests/s, p50 %.1f ms, p99 %.1f ms, %d not answered well\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
LUA
wrk -t1 -c64 -d2s -s "$work/ours.lua" "$base" >/dev/null
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }  # of the processor, by the program alone: tells more than the rate where others use the machine
before=$(ticks "${pids[0]}")
ours=$(wrk -t1 -c64 -d"${seconds}s" -s "$work/ours.lua" "$base" | tail -1)
echo "junxian:  $ours"
awk -v ticks=$(($(ticks "${pids[0]}") - before)) -v hz="$(getconf CLK_TCK)" -v rate="${ours%% *}" -v s="$seconds" 'BEGIN { printf "          %.0f us of processor a call\n", ticks / hz / (rate * s) * 1e6 }'
[ -n "${JUNXIAN_BENCH_HOLD:-}" ] && { echo "$base $work ${pids[0]}"; sleep "$JUNXIAN_BENCH_HOLD"; }
"$junxian" db check --config "$work/var/junxian.yaml" | tail -1
if [ -n "$postgraphile" ]; then
  peers=$here/build/bench-peers/postgraphile
  mkdir -p "$peers"
  cd "$peers"
  [ -f package.json ] || echo '{"private": true}' >package.json
  [ -d node_modules/postgraphile ] || npm install --silent --no-audit --no-fund postgraphile@4.14.1
  their_port=$(free_port)
  NODE_ENV=production node node_modules/postgraphile/cli.js -c "$population" -s public -n 127.0.0.1 -p "$their_port" --disable-query-log --max-pool-size 16 >"$work/postgraphile.log" 2>&1 & pids+=($!)
  their_base=http://127.0.0.1:$their_port
  their_query='query($id: String!) { residentByCitizenId(citizenId: $id) { name birthDate householdAddress phone } }'
  until curl -fs -H 'Content-Type: application/json' -d '{"query":"{ __typename }"}' "$their_base/graphql" >/dev/null; do sleep 0.2; done
  cat >"$work/theirs.lua" <<LUA
local ids = {}
for id in io.lines("$work/ids") do ids[#ids + 1] = id end
local n = 0
wrk.headers["Content-Type"] = "application/json"
function request()
  n = n + 1
  return wrk.format("POST", "/graphql", nil, '{"query":"$their_query","variables":{"id":"' .. ids[n % #ids + 1] .. '"}}')
end
$(sed -n '/^function done/,/^end/p' "$work/ours.lua")
LUA
  wrk -t1 -c64 -d2s -s "$work/theirs.lua" "$their_base" >/dev/null
  theirs=$(wrk -t1 -c64 -d"${seconds}s" -s "$work/theirs.lua" "$their_base" | tail -1)
  echo "PostGraphile: $theirs"
  awk -v a="${ours%% *}" -v b="${theirs%% *}" 'BEGIN { printf "ours / PostGraphile %.2f\n", a / b }'
fi
[ -n "$directus" ] || exit 0

peers=$here/build/bench-peers/directus
mkdir -p "$peers"
cd "$peers"
[ -f package.json ] || echo '{"private": true}' >package.json
[ -d node_modules/directus ] || npm install --silent --no-audit --no-fund directus@10.13.1 sqlite3@5.1.7
their_port=$(free_port)
sqlite3 "$work/var/silos/population.sqlite" ".backup $work/directus.sqlite"
export DB_CLIENT=sqlite3 DB_FILENAME=$work/directus.sqlite KEY=bench SECRET=bench-secret ADMIN_EMAIL=a@example.com ADMIN_PASSWORD=bench PORT=$their_port HOST=127.0.0.1 LOG_LEVEL=error TELEMETRY=false
npx directus bootstrap >/dev/null 2>&1
node node_modules/directus/cli.js start >"$work/directus.log" 2>&1 & pids+=($!)
their_base=http://127.0.0.1:$their_port
until curl -fs "$their_base/server/ping" >/dev/null; do sleep 0.2; done
token=$(curl -fs -H 'Content-Type: application/json' -d '{"email":"a@example.com","password":"bench"}' "$their_base/auth/login" | python3 -c 'import json,sys; print(json.load(sys.stdin)["data"]["access_token"])')
cat >"$work/theirs.lua" <<LUA
local ids = {}
for id in io.lines("$work/ids") do ids[#ids + 1] = id end
local n = 0
wrk.headers["Authorization"] = "Bearer $token"
function request()
  n = n + 1
  return wrk.format("GET", "/items/resident/" .. ids[n % #ids + 1] .. "?fields=name,birth_date,household_address,phone")
end
$(sed -n '/^function done/,/^end/p' "$work/ours.lua")
LUA
wrk -t1 -c64 -d2s -s "$work/theirs.lua" "$their_base" >/dev/null
theirs=$(wrk -t1 -c64 -d"${seconds}s" -s "$work/theirs.lua" "$their_base" | tail -1)
echo "Directus: $theirs"
awk -v a="${ours%% *}" -v b="${theirs%% *}" 'BEGIN { printf "ours / Directus %.1f\n", a / b }'
