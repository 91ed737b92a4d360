#!/usr/bin/env bash
# GET /healthz, keep-alive, 64 connections, one io thread, access log on; beside nginx (one worker, open_file_cache, access log on) that serves a file of the
# same size, turn by turn in one run. Prints requests a second, the processor time of each server for one request (all its threads; this hardly depends on
# what else the machine does), and the ratio of the medians.
#   bench/healthz.sh [BUILD_FOLDER] [ROUNDS] [SECONDS]      needs wrk and nginx
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$here/build/release}
rounds=${2:-5}
seconds=${3:-3}
for tool in wrk nginx; do command -v $tool >/dev/null || { echo "needs $tool (Debian package $tool)" >&2; exit 2; }; done
[ -x "$build/bin/bench_healthz" ] || { echo "needs $build/bin/bench_healthz: cmake --preset release && cmake --build --preset release --target bench_healthz" >&2; exit 2; }

work=$(mktemp -d)
pids=()
finish() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$work"; }
trap finish EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
ours=$(free_port)
theirs=$(free_port)
mkdir -p "$work/www"
printf 'ok\n' > "$work/www/healthz"
cat > "$work/nginx.conf" <<CONF
worker_processes 1;
daemon off;
pid $work/nginx.pid;
error_log $work/error.log;
events { worker_connections 1024; }
http {
  access_log $work/access.log;
  client_body_temp_path $work/body; proxy_temp_path $work/proxy; fastcgi_temp_path $work/fastcgi; uwsgi_temp_path $work/uwsgi; scgi_temp_path $work/scgi;
  default_type text/plain;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  open_file_cache max=100 inactive=60s;
  open_file_cache_valid 60s;
  server { listen 127.0.0.1:$theirs; root $work/www; }
}
CONF
chmod 755 "$work" "$work/www"
nginx -c "$work/nginx.conf" 2>/dev/null & pids+=($!)
"$build/bin/bench_healthz" "$ours" "$work/junxian.log" & pids+=($!)
our_process=${pids[1]}
for port in "$ours" "$theirs"; do
  until curl -fs "http://127.0.0.1:$port/healthz" >/dev/null; do sleep 0.05; done
done

their_process=$(pgrep -P "${pids[0]}" | head -1)  # the worker

ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
# PORT PROCESS -> requests a second, microseconds of processor time for one request
measure() {
  local before rate after
  before=$(ticks "$2")
  rate=$(wrk -t1 -c64 -d"${seconds}s" "http://127.0.0.1:$1/healthz" | awk '/requests in/ { n = $1 } /Requests\/sec/ { print n, int($2) } /Non-2xx|Socket errors/ { print "bad: " $0 > "/dev/stderr" }')
  after=$(ticks "$2")
  awk -v n="${rate% *}" -v rate="${rate#* }" -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%d %.1f\n", rate, ticks / hz * 1e6 / n }'
}
measure "$ours" "$our_process" >/dev/null; measure "$theirs" "$their_process" >/dev/null  # warm
for ((i = 0; i < rounds; ++i)); do
  a=$(measure "$ours" "$our_process"); b=$(measure "$theirs" "$their_process")
  echo "junxian ${a% *}/s, ${a#* } us a request;  nginx ${b% *}/s, ${b#* } us a request"
  echo "${a% *}" >> "$work/a"; echo "${b% *}" >> "$work/b"
  echo "${a#* }" >> "$work/a_us"; echo "${b#* }" >> "$work/b_us"
done
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
a=$(median "$work/a"); b=$(median "$work/b")
echo "median processor time a request: junxian $(median "$work/a_us") us, nginx $(median "$work/b_us") us"
awk -v a="$a" -v b="$b" 'BEGIN { printf "median: junxian %d/s, nginx %d/s, ratio %.2f (target: at least 0.90)\n", a, b, a / b; exit a < 0.9 * b }'
