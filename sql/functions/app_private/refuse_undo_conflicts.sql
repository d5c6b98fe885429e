create function app_private.refuse_undo_conflicts(undone app_public.scrape_sessions)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  conflict_count integer := (select count(*) from pg_temp.undo_homes as u where u.is_conflict);
  named text;
begin
  if conflict_count = 0 then
    return;
  end if;
  with
    homes as (
      select u.property_id from pg_temp.undo_homes as u where u.is_conflict order by u.property_id limit 20
    ),
    doers as (
      select
        v.property_id,
        coalesce('session ' || v.session_id, 'edit by ' || b.actor, 'edit') as doer,
        max(v.replaced_at) as done_at
      from homes as h
      join app_private.property_versions as v on v.property_id = h.property_id
      left join app_public.change_batches as b on b.id = v.batch_id
      where v.replaced_at >= undone.applied_at and v.session_id is distinct from undone.id
      group by 1, 2
    )
  select string_agg(l.line, E'\n' order by l.property_id) into named
  from (
    select
      h.property_id,
      format('home %s: %s', h.property_id, coalesce(
        string_agg(d.doer || ' at ' || to_char(d.done_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS"Z"'), ', '
          order by d.done_at),
        'its key belongs to another home'
      )) as line
    from homes as h
    left join doers as d on d.property_id = h.property_id
    group by h.property_id
  ) as l;
  raise exception 'session % cannot be undone: % of its homes have been changed since', undone.id, conflict_count
    using errcode = 'PC409', detail = named,
      hint = 'Undo what came later first, or force it: what was changed since is then kept.';
end
$$;

comment on function app_private.refuse_undo_conflicts(app_public.scrape_sessions) is $$
Refuses to undo a session where something later touched its homes, naming up to twenty of them with who did it.

PC409: there is such a home in pg_temp.undo_homes.
$$;
