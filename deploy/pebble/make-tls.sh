#!/bin/sh
# Makes the certificate of Pebble's own web server, as cert.pem and key.pem, with its root as ca.pem: make-tls.sh FOLDER
# Not what Pebble issues: its root for that is a new one at each start.
set -eu
cd "$1"
[ ! -e cert.pem ] || exit 0
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=Pebble web server' \
  -addext 'basicConstraints=critical,CA:false' -addext 'subjectAltName=DNS:pebble,DNS:localhost,IP:127.0.0.1' \
  -keyout key.new -out cert.new 2>/dev/null
# Pebble and the gateways run as other users; the key is worth nothing outside this network.
chmod 0644 key.new cert.new
cp cert.new ca.pem
mv key.new key.pem
mv cert.new cert.pem
