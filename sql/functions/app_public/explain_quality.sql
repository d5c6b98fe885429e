-- requires: sql/functions/app_private/rule_totals.sql
-- Security definer: operating is granted by execute alone, to roles that see single homes anyway.

create function app_public.explain_quality(session_id uuid, source_key text)
returns setof app_public.quality_reason
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  this app_public.scrape_sessions;
  home jsonb;
  home_type app_base.property_type;
  failed integer[];
  rules app_public.validation_rules[];
begin
  select s.* into this from app_public.scrape_sessions as s where s.id = explain_quality.session_id;
  if not found then
    raise exception 'session % does not exist', explain_quality.session_id
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  execute 'select to_jsonb(s), s.property_type, s.failed_rule_ids from app_public.staged_properties as s
    where s.source_key = $1 and ' || app_private.session_rows_filter(this)
  into home, home_type, failed
  using explain_quality.source_key;
  if home is null then
    -- Seen unchanged: the row keeps the verdict of the live home.
    select to_jsonb(l), l.property_type, l.failed_rule_ids into home, home_type, failed
    from app_public.properties_live as l
    where l.source_id = this.source_id and l.source_key = explain_quality.source_key
      and exists (
        select from app_private.property_sighting_blocks as b
        where b.session_no = this.session_no and b.block_no = (l.id >> 10)::integer
          and (l.id & 1023)::smallint = any (b.offsets)
      );
  end if;
  if home is null then
    raise exception 'session % brought no home %', this.id, explain_quality.source_key
      using errcode = 'PC404', hint = 'Keys stand in property_scrapes_staging.source_key; a row without a key has no score.';
  end if;
  select coalesce(array_agg(r order by r.id), '{}') into rules
  from app_public.validation_rules as r
  where exists (select from app_public.validation_results as v where v.session_id = this.id and v.rule_id = r.id);
  return query
  select 'quality', r.rule_name, r.severity, w.weight, round(coalesce(w.weight / t.weight, 0), 4), f.failed_value, r.description
  from unnest(rules) as r
  cross join lateral (select app_private.rule_weight(r) as weight) as w
  left join app_private.rule_totals(rules) as t on t.property_type = home_type
  left join lateral (
    select e.failed_value
    from app_public.validation_failures as e
    where e.session_id = this.id and e.rule_id = r.id and e.source_key = explain_quality.source_key
    order by e.staged_id desc
    limit 1
  ) as f on true
  where r.id = any (failed)
  order by 5 desc, 2;
  return query
  select 'completeness', f.field_name, null::app_base.rule_severity, f.weight, round(f.weight / f.total, 4),
    case when f.is_personal then null else home -> 'unreadable' ->> f.field_name end, f.description
  from (
    select f.*, sum(f.weight) over () as total from app_public.rule_fields as f where f.weight > 0
  ) as f
  where coalesce(home ->> f.column_name, 'unspecified') = 'unspecified'
  order by 5 desc, 2;
end
$$;

comment on function app_public.explain_quality(uuid, text) is $$
Why a row of a session scores what it scores: the rules it failed with their weights, and the fields it leaves empty.

The losses of measure `quality` add up to 1 − quality_score, those of `completeness` to 1 − completeness, as long as
rules and weights are those the session was judged by.

    select reason, loss, value from explain_quality('8a1f…', 'A-17') where measure = 'quality';
    -- price_among_peers, 0.0417, 4150.00

PC404: there is no such session, or it brought no such home.
$$;

grant execute on function app_public.explain_quality(uuid, text) to app_analyst;
