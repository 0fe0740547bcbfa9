#!/bin/sh
# Makes the secrets of the compose file, once. A file that is there stays as it is. Compose shows secrets to a container as the files on
# this machine are, so the group 60999, which is Finestreta's in the image, must be able to read its own ones: run this as root.
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
random() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }
hexadecimal() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
make() { [ -e "secrets/$1" ] || { cat > "secrets/$1.new" && mv "secrets/$1.new" "secrets/$1"; }; }

for each in database-password database-owner-password database-runtime-password; do
  hexadecimal | make "$each"
done
random | make installation-key
random | make turn-secret
for each in owner runtime; do
  name=database-url
  [ "$each" = runtime ] || name=database-owner-url
  printf 'postgres://finestreta_%s:%s@database/finestreta' "$each" "$(cat "secrets/database-$each-password")" | make "$name"
done
make turnserver.conf << EOT
realm=${TURN_REALM:-finestreta}
use-auth-secret
static-auth-secret=$(cat secrets/turn-secret)
no-cli
no-tls
no-dtls
no-tcp-relay
no-multicast-peers
min-port=49160
max-port=49959
user-quota=96
total-quota=600
max-bps=500000
denied-peer-ip=0.0.0.0-0.255.255.255
denied-peer-ip=100.64.0.0-100.127.255.255
denied-peer-ip=10.0.0.0-10.255.255.255
denied-peer-ip=172.16.0.0-172.31.255.255
denied-peer-ip=192.168.0.0-192.168.255.255
denied-peer-ip=169.254.0.0-169.254.255.255
denied-peer-ip=127.0.0.0-127.255.255.255
denied-peer-ip=::1
denied-peer-ip=::ffff:0.0.0.0-::ffff:255.255.255.255
denied-peer-ip=64:ff9b::-64:ff9b::ffff:ffff
denied-peer-ip=fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
denied-peer-ip=fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff
EOT
printf '%s' "${SMTP_URL:-}" | make smtp-url
if [ "$(id -u)" = 0 ]; then
  for each in database-url database-owner-url installation-key turn-secret smtp-url; do
    chown root:60999 "secrets/$each"
    chmod 640 "secrets/$each"
  done
  # PostgreSQL's image makes the logins as its own user, 999.
  for each in owner runtime; do
    chown root:999 "secrets/database-$each-password"
    chmod 640 "secrets/database-$each-password"
  done
  # coturn's image runs as nobody.
  chown root:65534 secrets/turnserver.conf
  chmod 640 secrets/turnserver.conf
else
  echo "Not root: containers with users of their own can't read these files. Run this as root." >&2
fi
[ -s secrets/smtp-url ] || echo "Write the address of your mail server into secrets/smtp-url, such as smtps://user:password@mail.yourtown.cat"
