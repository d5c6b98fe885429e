-- Four deviations above the mean of ten sessions: a source that replaces a third of its homes every night is not held for
-- it, one that never loses more than one in a hundred is held at one in ten.

create function app_private.past_share(session app_public.scrape_sessions, what text, share_max numeric)
returns numeric
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with
    past as (
      select
        case what
          when 'removed' then m.likely_removed_count::numeric / nullif(m.seen_count + m.likely_removed_count, 0)
          when 'changed' then m.updated_count::numeric / nullif(m.seen_count, 0)
          when 'new' then m.new_count::numeric / nullif(m.seen_count + m.likely_removed_count, 0)
          when 'quarantined' then m.quarantined_count::numeric / nullif(m.staged_count, 0)
        end as share
      from app_public.sync_metadata as m
      join app_public.scrape_sessions as s on s.id = m.session_id
      where s.source_id = session.source_id
        and s.kind = 'report'
        and s.status = 'completed'
        and s.id <> session.id
        -- The first one finds everything new.
        and m.seen_count > 0
      order by s.applied_at desc
      limit 10
    )
  select
    case
      when count(p.share) >= 3 then greatest(share_max / 2, avg(p.share) + 4 * coalesce(stddev_samp(p.share), 0))
      else share_max
    end
  from past as p
$$;

comment on function app_private.past_share(app_public.scrape_sessions, text, numeric) is $$
The largest share of homes `removed`, `changed`, `new` or `quarantined` that the last ten completed sessions of the
source make plausible: their mean and four deviations, at least half of `share_max`; `share_max` itself while
fewer than three sessions can tell.
$$;
