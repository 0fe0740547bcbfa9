#!/bin/sh
# Makes an authority for the database's machines alone, and a certificate and key for each of them:
#   sh certificates.sh db1.yourtown.cat=10.0.0.1 db2.yourtown.cat=10.0.0.2 db3.yourtown.cat=10.0.0.3
# 127.0.0.1 is in each, for HAProxy on the machine of Finestreta. Keep ca.key away from all of them.
set -eu
umask 077
make() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "$@"; }
make -days 3650 -subj '/CN=Databases of Finestreta' -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.crt
for machine; do
	name=${machine%%=*}
	make -CA ca.crt -CAkey ca.key -days 825 -subj "/CN=$name" -extensions usr_cert \
		-addext keyUsage=critical,digitalSignature \
		-addext "subjectAltName=DNS:$name,IP:${machine#*=},IP:127.0.0.1" -keyout "$name.key" -out "$name.crt"
done
