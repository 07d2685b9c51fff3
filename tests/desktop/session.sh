#!/bin/sh
# A desktop session with a running accessibility bus.
set -eu
/usr/libexec/at-spi-bus-launcher --launch-immediately &
launcher=$!
trap 'kill $launcher' EXIT
tries=0
until gdbus call --session -d org.a11y.Bus -o /org/a11y/bus -m org.a11y.Bus.GetAddress >/dev/null 2>&1; do
  tries=$((tries + 1))
  test $tries -lt 100 || { echo "the accessibility bus does not answer" >&2; exit 1; }
  sleep 0.05
done
gdbus call --session -d org.a11y.Bus -o /org/a11y/bus -m org.freedesktop.DBus.Properties.Set \
  org.a11y.Status IsEnabled '<true>' >/dev/null
/usr/bin/python3 tests/desktop/journey.py
