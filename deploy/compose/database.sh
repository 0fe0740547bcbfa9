#!/bin/sh
# Runs once, in the database's container, at its first start: the database and the two logins of docs/operating.md, "The database".
set -eu
owner=$(cat /run/secrets/database-owner-password)
runtime=$(cat /run/secrets/database-runtime-password)
psql --set=ON_ERROR_STOP=1 --username=postgres --set=owner="$owner" --set=runtime="$runtime" << 'SQL'
create role finestreta_owner login password :'owner';
create role finestreta_runtime login password :'runtime';
create database finestreta owner finestreta_owner;
revoke all on database finestreta from public;
grant connect on database finestreta to finestreta_runtime;
SQL
