-- Where homes were listed, it is their pages that were to bring something: that the lists could be read is nothing. Else
-- it is every page that was not divided into smaller ones, among them the page of results that says there are none.

create function app_private.scrape_failure(session app_public.scrape_sessions)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with
    wanted as (
      select i.id, i.status, i.coverage, i.error
      from app_public.scrape_items as i
      where i.session_id = session.id and (
        i.kind = 'home'
        or not exists (select from app_public.scrape_items as h where h.session_id = session.id and h.kind = 'home')
      )
    ),
    tally as (
      select
        count(*) filter (
          where w.status = 'done' and w.coverage is distinct from 'split' or w.status = 'skipped' and w.error is null
        ) as read_count,
        count(*) filter (where f.is_failed) as failed_count,
        (array_agg(w.error ->> 'detail' order by w.id) filter (where f.is_failed))[1] as example
      from wanted as w
      -- What the page budget kept from being asked for is nothing that failed.
      cross join lateral (
        select w.status = 'failed' or w.status = 'skipped' and w.error ->> 'reason' <> 'budget' as is_failed
      ) as f
    )
  select jsonb_build_object(
    'reason', 'nothing_read',
    'detail', case t.failed_count
      when 1 then 'what was to show homes could not be read: '
      else format('none of the %s pages that were to show homes could be read; the first: ', t.failed_count)
    end || coalesce(t.example, 'nobody knows why')
  )
  from tally as t
  where t.failed_count > 0 and t.read_count = 0 and not exists (
    select from app_public.scrape_items as i where i.session_id = session.id and i.staged_count > 0
  )
$$;

comment on function app_private.scrape_failure(app_public.scrape_sessions) is $$
Why a scrape has failed, as an entry of its session's errors (nothing_read, with a sentence); null when it has not.

It has when not one of the pages that were to show homes could be read. A source that says that it has no homes, and homes
whose pages are gone, were read.

    select app_private.scrape_failure(s) ->> 'reason' from scrape_sessions as s where s.session_no = 7;  -- nothing_read
$$;
