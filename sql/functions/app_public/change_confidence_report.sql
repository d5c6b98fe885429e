create function app_public.change_confidence_report(since timestamptz default null, source text default null)
returns setof app_public.confidence_bin
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with told as (
    select width_bucket(c.confidence, 0, 1.000001, 10) as bin_no, c.confidence::numeric as said, o.is_true::integer as was
    from app_public.change_outcomes as o
    join app_public.property_changes as c on c.batch_id = o.batch_id and c.ordinal = o.ordinal
    join app_public.sources as s on s.id = c.source_id
    where c.confidence is not null
      and (change_confidence_report.since is null or c.changed_at >= change_confidence_report.since)
      and (change_confidence_report.source is null or s.code = change_confidence_report.source)
  )
  select t.bin_no, (t.bin_no - 1) / 10.0, t.bin_no / 10.0, count(*)::integer, round(avg(t.said), 4),
    round(avg(t.was), 4), round(avg(t.said) - avg(t.was), 4), round(avg((t.said - t.was) ^ 2), 6)
  from told as t
  group by t.bin_no
  union all
  select null, 0, 1, count(*)::integer, round(avg(t.said), 4), round(avg(t.was), 4),
    round(avg(t.said) - avg(t.was), 4), round(avg((t.said - t.was) ^ 2), 6)
  from told as t
  having count(*) > 0
  order by 1
$$;

comment on function app_public.change_confidence_report(timestamptz, text) is $$
Whether confidences keep their word: ten bins by what was said, with the share that turned out true; then all together.

Over the changes of which an outcome was told, since an instant (of the change) and of one source where given. Changes
recorded before a fit were told what held then: give the time of the last fit to judge that one on outcomes it had not
seen. A bin without changes is left out; the Brier score is 0 for perfect and 0.25 for always saying a half.

    select said, true_share from change_confidence_report() where bin_no = 10;
$$;

grant execute on function app_public.change_confidence_report(timestamptz, text) to app_analyst;
