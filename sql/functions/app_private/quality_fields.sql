-- requires: sql/functions/app_private/session_rows_filter.sql
-- Two scans: what the source said (staged text) and what could be read of it (normal form of new and changed rows).

create function app_private.quality_fields(session app_public.scrape_sessions)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant text := app_private.session_rows_filter(session);
  fields text[];
  said_columns text;
  read_columns text;
  staged bigint;
  brought bigint;
  said bigint[];
  read bigint[];
  answer jsonb;
begin
  select
    array_agg(f.field_name order by f.field_name),
    string_agg(format('count(*) filter (where s.%I <> '''')', f.staged_column), ', ' order by f.field_name),
    string_agg(format('count(s.%I)', f.column_name), ', ' order by f.field_name)
  into fields, said_columns, read_columns
  from app_public.rule_fields as f
  join pg_attribute as a on a.attrelid = 'app_public.staged_properties'::regclass and a.attname = f.column_name
  join pg_attribute as b on b.attrelid = 'app_public.property_scrapes_staging'::regclass and b.attname = f.staged_column;
  execute format('select count(*), array[%s]::bigint[] from app_public.property_scrapes_staging as s where %s',
    said_columns, filter) into staged, said;
  execute format('select count(*), array[%s]::bigint[] from app_public.staged_properties as s where %s',
    read_columns, filter) into brought, read;

  execute format(
    $query$
      with
        unread as materialized (
          select u.key as field_name, u.value as raw, count(*) as row_count
          from app_public.staged_properties as s
          cross join lateral jsonb_each_text(s.unreadable) as u
          where %s and s.unreadable is not null
          group by u.key, u.value
        ),
        causes as (
          select u.field_name, sum(u.row_count) as row_count,
            app_private.unreadable_cause(format_type(a.atttypid, null), u.raw) as cause
          from unread as u
          join app_public.rule_fields as f using (field_name)
          join pg_attribute as a on a.attrelid = 'app_public.staged_properties'::regclass and a.attname = f.column_name
          group by 1, 3
        )
      select jsonb_agg(jsonb_build_object(
        'field', n.field_name,
        'weight', f.weight,
        'staged_count', $1,
        'said_count', n.said,
        'said_share', round(n.said::numeric / nullif($1, 0), 4),
        'brought_count', $2,
        'read_count', n.read,
        'read_share', round(n.read::numeric / nullif($2, 0), 4),
        'unreadable_count', coalesce(u.row_count, 0),
        'unreadable_share', round(coalesce(u.row_count, 0)::numeric / nullif($2, 0), 4),
        'unreadable_causes', coalesce(u.causes, '{}'),
        'unreadable_samples', case when f.is_personal then '[]' else coalesce(u.samples, '[]') end,
        'earlier_share', p.share
      ) order by f.weight desc, n.field_name)
      from unnest($3::text[], $4::bigint[], $5::bigint[]) as n (field_name, said, read)
      join app_public.rule_fields as f using (field_name)
      left join lateral (
        select
          (select sum(r.row_count) from unread as r where r.field_name = n.field_name) as row_count,
          (select jsonb_object_agg(c.cause, c.row_count) from causes as c where c.field_name = n.field_name) as causes,
          (select jsonb_agg(r.raw) from (
            select left(r.raw, 80) as raw from unread as r where r.field_name = n.field_name
            order by r.row_count desc, r.raw limit 5
          ) as r) as samples
      ) as u on true
      left join lateral (
        select percentile_cont(0.5) within group (order by q.value) as share
        from (
          select q.value
          from app_public.data_quality_metrics as q
          join app_public.scrape_sessions as e on e.id = q.session_id
          where q.source_id = $6 and q.metric = 'field_completeness' and q.field_name = n.field_name
            and e.status = 'completed' and e.session_no < $7
          order by q.id desc
          limit 5
        ) as q
      ) as p on true
    $query$, filter)
  into answer
  using staged, brought, fields, said, read, session.source_id, session.session_no;
  return coalesce(answer, '[]');
end
$$;

comment on function app_private.quality_fields(app_public.scrape_sessions) is $$
Completeness field by field: how many staged rows say something, how many of the new and changed rows could be read,
what could not be and why (unreadable_cause), and the median share of the five completed sessions before.

Samples of personal fields are left out.
$$;
