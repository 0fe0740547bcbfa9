#!/bin/sh
# Makes an authority for the database's machines alone, and a certificate and key for each of them:
#   sh certificates.sh db1.yourtown.cat=10.0.0.1 db2.yourtown.cat=10.0.0.2 db3.yourtown.cat=10.0.0.3
# Where ca.key and ca.crt are there already, it makes new certificates of the same authority.
# 127.0.0.1 is in each, for HAProxy on the machine of Finestreta. Keep ca.key away from all of them.
set -eu
umask 077
make() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "$@"; }
fail() { echo "$1 Nothing was made." >&2; exit 1; }
days=825
if [ ! -e ca.key ] && [ ! -e ca.crt ]; then
	make -days 3650 -subj '/CN=Databases of Finestreta' -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.crt
fi
[ -s ca.key ] && [ -s ca.crt ] || fail 'Of ca.key and ca.crt one is missing. Put both here.'
openssl x509 -in ca.crt -noout -checkend $((days * 86400)) >/dev/null || fail "The authority ends in less than $days days. Make a new one (docs/database.md)."
for machine; do
	name=${machine%%=*}
	make -CA ca.crt -CAkey ca.key -days $days -subj "/CN=$name" -extensions usr_cert \
		-addext keyUsage=critical,digitalSignature \
		-addext "subjectAltName=DNS:$name,IP:${machine#*=},IP:127.0.0.1" -keyout "$name.key" -out "$name.crt"
	openssl x509 -in "$name.crt" -noout -enddate
done
