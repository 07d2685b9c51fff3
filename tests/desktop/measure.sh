#!/bin/sh
# Opens the window three times; prints the time until it is visible (ms), its CPU time in five idle seconds (clock ticks), and its memory
# (kB).
set -eu
for _ in 1 2 3; do
  began=$(date +%s%N)
  "$PROGRAM" --page activation >/dev/null &
  window=$!
  xdotool search --sync --onlyvisible --pid $window >/dev/null
  seen=$(( ($(date +%s%N) - began) / 1000000 ))
  sleep 3
  before=$(awk '{print $14 + $15}' /proc/$window/stat)
  sleep 5
  idle=$(( $(awk '{print $14 + $15}' /proc/$window/stat) - before ))
  echo "$seen $idle $(awk '/VmRSS/ {print $2}' /proc/$window/status)"
  kill $window
  wait $window || true
done
