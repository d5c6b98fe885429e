-- Security definer: the bookkeeping and the workers' rows are nobody's but the owner's, and two numbers and an instant
-- of them are all that comes out. There is nothing to check: they say nothing about anyone.

create function app_public.deployed_state(out migration_count integer, out last_migration integer, out worker_seen_at timestamptz)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  select
    (select count(*)::integer from app_deploy.migrations as m where m.id > 0),
    (select max(m.id) from app_deploy.migrations as m),
    (select max(h.seen_at) from app_private.worker_heartbeats as h)
$$;

comment on function app_public.deployed_state() is $$
How far the database is deployed and when a worker was last seen: what `/readyz` looks at.

    select * from deployed_state();  -- 7, 7, 2026-01-01 12:00:00+00
$$;

grant execute on function app_public.deployed_state() to app_visitor, app_analyst;
