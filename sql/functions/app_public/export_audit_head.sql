create function app_public.export_audit_head()
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'chain_no', coalesce(h.chain_no, 0),
    'link', coalesce(encode(h.link, 'hex'), ''),
    'position', coalesce(h.last_position, 0),
    'sealed_at', h.sealed_at,
    'exported_at', now()
  )
  from (select) as always
  left join lateral (
    select b.* from app_public.change_batches as b order by b.chain_no desc limit 1
  ) as h on true
$$;

comment on function app_public.export_audit_head() is $$
The end of the chain of changes, to be kept where the owner of the database cannot reach it; verify_audit takes it back.

    select export_audit_head();  -- {"link": "94f1…", "chain_no": 5120, "position": 81233, "sealed_at": …}
$$;

grant execute on function app_public.export_audit_head() to app_analyst;
