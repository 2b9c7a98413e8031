-- The two roles that Breakwater logs in as. Run it as a superuser, in any database of the server; running it again does
-- no harm. Then give each a password (in psql: \password breakwater, \password canary), and let both in through
-- pg_hba.conf. What is missing the bot says in its log, and in /db status too where it makes the numbers wrong.

-- The bot: sees every session, may end those of ordinary roles, reads no table.
do $$
begin
  if not exists (select from pg_roles where rolname = 'breakwater') then
    create role breakwater login;
  end if;
end
$$;
grant pg_monitor to breakwater; -- without it the states and addresses of others are hidden and counts are too low
grant pg_signal_backend to breakwater; -- for kill-stale

-- PostgreSQL 16 and later: slots that applications cannot take, so that the bot gets in when the server is full. They
-- are there once reserved_connections is 2 or more, which takes a restart of the server:
--   alter system set reserved_connections = 5;
-- Before 16 only a superuser has reserved slots: there the bot lives by the connection that it holds.
do $$
begin
  if current_setting('server_version_num')::int >= 160000 then
    grant pg_use_reserved_connections to breakwater;
  end if;
end
$$;

-- The canary: an ordinary role, refused exactly when applications are. Two connections, as one probe may still be on its
-- way out when the next begins. Grant it nothing, and above all no reserved slots: it would then report a full server as well.
do $$
begin
  if not exists (select from pg_roles where rolname = 'canary') then
    create role canary login connection limit 2;
  end if;
end
$$;
