#!/bin/sh
# A desktop session in which assistive technology listens, as far as the story needs one.
set -eu
/usr/libexec/at-spi-bus-launcher --launch-immediately &
launcher=$!
trap 'kill $launcher' EXIT
for _ in $(seq 100); do
  gdbus call --session -d org.a11y.Bus -o /org/a11y/bus -m org.a11y.Bus.GetAddress >/dev/null 2>&1 && break
  sleep 0.05
done
gdbus call --session -d org.a11y.Bus -o /org/a11y/bus -m org.freedesktop.DBus.Properties.Set \
  org.a11y.Status IsEnabled '<true>' >/dev/null
/usr/bin/python3 tests/desktop/journey.py
