create function app_private.audit_seals_findings()
returns setof app_public.audit_finding
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select
    null::bigint,
    null::bigint,
    format('%s is said to have been let go, but no operator''s action says so', s.partition_name)
  from app_public.audit_seals as s
  where not exists (
    select from app_public.admin_actions as a
    where a.action = 'drop_history' and a.target = s.partition_name
      and a.details = jsonb_build_object(
        'batch_ids', s.batch_ids::text, 'change_count', s.change_count, 'closing_link', encode(s.closing_link, 'hex')
      )
  )
$$;

comment on function app_private.audit_seals_findings() is $$
Months that are said to have been let go without the action that would have done it, which stands in the chain.
$$;
