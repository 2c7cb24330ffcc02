#!/bin/sh
# Creates the gateway's role and its database. The postgres image runs this once, when its data folder is empty.
# The role is no superuser: it owns its database, and nothing else.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --set=role=gateway --set=database=gateway_eu --set=password="$GATEWAY_DB_PASSWORD" <<'SQL'
create role :"role" login nosuperuser nocreatedb nocreaterole password :'password';
create database :"database" owner :"role" encoding 'UTF8' locale 'C' template template0;
revoke connect, temporary on database :"database" from public;
SQL
