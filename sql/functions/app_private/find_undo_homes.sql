create function app_private.find_undo_homes(undone uuid)
returns void
language plpgsql
volatile
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
declare
  batches bigint[] := array(select b.id from app_public.change_batches as b where b.session_id = undone);
  began timestamptz := (select min(v.replaced_at) from app_private.property_versions as v where v.session_id = undone);
  let_go text;
begin
  began := least(began, (select min(b.opened_at) from app_public.change_batches as b where b.session_id = undone));
  select s.partition_name into let_go
  from app_public.audit_seals as s
  where exists (select from unnest(batches) as b (id) where s.batch_ids @> b.id)
  limit 1;
  if found then
    raise exception 'the history of session % has been let go with %', undone, let_go
      using errcode = 'PC409', hint = 'What is no longer recorded cannot be undone.';
  end if;

  drop table if exists pg_temp.undo_homes;
  create temp table undo_homes (
    property_id bigint, before app_public.properties_live, after app_public.properties_live, is_conflict boolean
  ) on commit drop;
  insert into pg_temp.undo_homes
  with
    -- What the session did first to a home tells whether there was one before.
    inserted as (
      select distinct on (c.property_id) c.property_id, c.kind
      from app_public.property_changes as c
      where c.batch_id = any (batches) and c.changed_at >= began
      order by c.property_id, c.batch_id, c.ordinal
    ),
    touched as (
      select distinct on (v.property_id) v.property_id, v.image
      from app_private.property_versions as v
      where v.session_id = undone and v.replaced_at >= began
      order by v.property_id, v.id
    ),
    later as (
      select distinct on (v.property_id) v.property_id, v.image
      from app_private.property_versions as v
      where v.replaced_at >= began and v.session_id is distinct from undone
      order by v.property_id, v.replaced_at, v.id
    ),
    homes as (
      select
        coalesce(t.property_id, i.property_id) as property_id,
        case when i.kind is distinct from 'new' then t.image end as before
      from touched as t
      full join (select * from inserted as i where i.kind = 'new') as i on i.property_id = t.property_id
    )
  select h.property_id, h.before, case when r.property_id is null then l.now else r.image end,
    r.property_id is not null and not app_private.is_same_home(r.image, l.now)
  from homes as h
  left join later as r on r.property_id = h.property_id
  left join (select l.id, l as now from app_public.properties_live as l) as l on l.id = h.property_id;

  -- The key of a home that the session deleted may belong to another one by now.
  update pg_temp.undo_homes as u
  set is_conflict = true
  from app_public.properties_live as l
  where (u.before).id is not null and (u.after).id is null
    and l.source_id = (u.before).source_id and l.source_key = (u.before).source_key and l.id <> u.property_id;
end
$$;

comment on function app_private.find_undo_homes(uuid) is $$
The homes a session touched, in pg_temp.undo_homes until the transaction ends: how each stood before it (null where it
inserted the home), as it left it (null where it deleted it), and whether something else has changed it since.

PC409: the history of the session has been let go by policy.
$$;
