create function app_private.measured_reliability(source smallint)
returns real
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select
    coalesce(
      avg(
        case
          when s.status = 'completed' then 1 - coalesce(m.quarantined_count::numeric / nullif(m.staged_count, 0), 0)
          else 0
        end
      ),
      0.9
    )::real
  from (
    select s.id, s.status
    from app_public.scrape_sessions as s
    where s.source_id = source and s.kind = 'report' and s.status in ('completed', 'undone', 'cancelled', 'failed')
    order by s.session_no desc
    limit 20
  ) as s
  left join app_public.sync_metadata as m on m.session_id = s.id
$$;

comment on function app_private.measured_reliability(smallint) is $$
How far a source was to be trusted over its last twenty sessions, 0 to 1.

A session that stands counts with the share of its rows that no rule kept out, one that was undone, rejected or failed
counts 0; 0.9 for a source without a past.
$$;
