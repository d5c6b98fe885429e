-- requires: sql/functions/app_private/percent.sql

create function app_private.recommend_for_session(report jsonb)
returns table (priority integer, share numeric, field text, finding text, likely_cause text, next_step text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with
    session as (
      select s.* from jsonb_to_record(report -> 'session') as s (id uuid, source text, status text, held_reasons jsonb)
    ),
    counts as (
      select c.* from jsonb_to_record(report -> 'counts') as c (
        staged_count bigint, unkeyed_count bigint, duplicate_count bigint, quarantined_count bigint, brought_count bigint
      )
    ),
    places as (
      select g.* from jsonb_to_record(report -> 'geography') as g (unresolved_count bigint, unresolved_names jsonb)
    )
  select 1, 1.0::numeric, null::text,
    'the session is held: ' || (h.value ->> 'message'),
    case h.value ->> 'reason'
      when 'many_gone' then 'a truncated or blocked crawl, rather than a market that vanished'
      when 'empty' then 'a blocked crawl or a page that says nothing'
      when 'many_changed' then 'a changed layout: fields have moved'
      when 'many_new' then 'the source has given its homes new keys'
      when 'many_quarantined' then 'a changed layout: fields have moved'
      when 'no_keys' then 'a changed layout: the key is no longer extracted'
      else 'what the rule guards against'
    end,
    format('compare with the site; if it is true: parcelle held accept %s, if not: parcelle held reject %1$s and crawl again', s.id)
  from session as s
  cross join lateral jsonb_array_elements(coalesce(s.held_reasons, '[]')) as h
  where s.status = 'held'
  union all
  select case when c.duplicate_count >= 0.05 * c.staged_count then 1 else 2 end,
    c.duplicate_count::numeric / c.staged_count, 'source_key',
    format('%s of %s rows repeat a key', c.duplicate_count, c.staged_count),
    case when c.duplicate_count >= 0.2 * c.staged_count then 'pages are repeated under pagination: the last page is served again and again'
      else 'homes move from page to page while the crawl goes on' end,
    'stop the crawl when a page brings no new key; the last row of each key was taken, so nothing is wrong in live'
  from counts as c
  where c.duplicate_count > 0.01 * c.staged_count
  union all
  select case when c.unkeyed_count > 0.01 * c.staged_count then 1 else 3 end,
    c.unkeyed_count::numeric / c.staged_count, 'source_key',
    format('%s of %s rows without a key', c.unkeyed_count, c.staged_count),
    case when c.unkeyed_count > 0.01 * c.staged_count then 'key and address of the page are no longer extracted'
      else 'broken entries of a list' end,
    'extract the source''s own id, or the address of the home''s page; rows without either cannot be followed'
  from counts as c
  where c.unkeyed_count > 0
  union all
  select case when p.unresolved_count < 3 then 3 when p.unresolved_count > 0.1 * c.brought_count then 1
      when p.unresolved_count > 0.02 * c.brought_count then 2 else 3 end,
    p.unresolved_count::numeric / nullif(c.brought_count, 0), 'city',
    format('the commune could not be told in %s of %s rows', p.unresolved_count, c.brought_count)
      || coalesce(format(', most often “%s”', nullif(concat_ws(' ', p.unresolved_names -> 0 ->> 'city',
        p.unresolved_names -> 0 ->> 'postal_code'), '')), ''),
    case
      when coalesce(p.unresolved_names -> 0 ->> 'city', '') = '' then 'the place is no longer extracted'
      when p.unresolved_names -> 0 ->> 'postal_code' is null then 'several communes bear the name, and no postal code decides'
      else 'a quarter or a spelling that is no commune, or a postal code that contradicts the name'
    end,
    'give the postal code or the INSEE code with the name; try one with: parcelle city resolve NAME CODE'
  from places as p
  cross join counts as c
  where p.unresolved_count > 0
  union all
  select 2, 0, null, format('the source was last applied %s hours ago', round((report #>> '{freshness,source_hours}')::numeric)),
    case when (report #>> '{freshness,held_count}')::integer > 0 then 'a session of it is held'
      when (report #>> '{freshness,waiting_count}')::integer > 0 then 'sessions wait to be synced'
      else 'it has not been crawled since' end,
    case when (report #>> '{freshness,held_count}')::integer > 0 then 'decide: parcelle held list'
      when (report #>> '{freshness,waiting_count}')::integer > 0 then 'sync what waits: parcelle sync-pending'
      else 'look whether its schedule runs, and whether it is paused: parcelle sources list' end
  from jsonb_to_recordset(report -> 'thresholds') as t (metric text, outcome text)
  where t.metric = 'freshness_hours' and t.outcome in ('warned', 'failed')
$$;

comment on function app_private.recommend_for_session(jsonb) is $$
What to do about a session as a whole, from a quality report: held, keys repeated or missing, places not resolved, a
source that is out of date.
$$;
