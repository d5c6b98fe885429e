-- requires: sql/functions/app_private/month_number.sql
-- requires: sql/types/app_public/month_completeness.sql
-- security definer: counts only, of months and departments, which everyone may see; single sales never leave.
-- Sales keep the release that added them, so the present rows alone tell how much of each month every earlier
-- release knew. A release is asked only about départements, communes and years in its scope that a later one covers too:
-- a month that nobody looked at again says nothing about filling up.

create function app_public.estimate_completeness(department text default null)
returns setof app_public.month_completeness
language plpgsql
stable
security definer
rows 1000
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  with
    releases as materialized (
      select r.id, r.applied_order from app_public.dvf_releases as r where r.status = 'applied'
    ),
    scopes as materialized (
      select s.release_id, s.department_code, s.insee_code, s.sold_year, r.applied_order
      from app_public.dvf_release_scopes as s
      join releases as r on r.id = s.release_id
    ),
    -- Whole départements are counted whole; only where a release covers single communes are these told apart.
    split as materialized (
      select distinct s.department_code, s.insee_code from scopes as s where s.insee_code <> ''
    ),
    cells as materialized (
      select t.department_code, coalesce(p.insee_code, '') as insee_code, t.month, r.applied_order,
        sum(t.sales)::integer as sales
      from (
        select t.department_code, t.insee_code, app_private.month_number(t.sold_on) as month, t.added_release_id,
          count(*) as sales
        from app_public.transactions as t
        group by 1, 2, 3, 4
      ) as t
      join releases as r on r.id = t.added_release_id
      left join split as p on p.department_code = t.department_code and p.insee_code = t.insee_code
      group by 1, 2, 3, 4
    ),
    horizons as materialized (
      select r.id, r.applied_order, max(c.month) as month
      from releases as r
      join cells as c on c.applied_order <= r.applied_order
      group by r.id, r.applied_order
    ),
    looks as (
      -- What each release knew of a month, and what is known since.
      select k.department_code, h.applied_order, h.month - k.month as age,
        sum(k.sales) filter (where k.applied_order <= h.applied_order) as known_then,
        sum(k.sales) as known_now
      from cells as k
      join horizons as h on k.month <= h.month and h.month - k.month < 24
      where exists (
          select from scopes as s
          where s.applied_order = h.applied_order and s.department_code = k.department_code
            and s.insee_code in ('', k.insee_code) and s.sold_year = 1900 + k.month / 12
        )
        and exists (
          select from scopes as s
          where s.applied_order > h.applied_order and s.department_code = k.department_code
            and s.insee_code in ('', k.insee_code) and s.sold_year = 1900 + k.month / 12
        )
      group by 1, 2, 3
    ),
    department_shares as (
      select l.department_code, l.age, sum(coalesce(l.known_then, 0)) as known_then, sum(l.known_now) as known_now,
        count(distinct l.applied_order) as release_count
      from looks as l
      group by 1, 2
    ),
    nation_shares as (
      select l.age, sum(coalesce(l.known_then, 0)) as known_then, sum(l.known_now) as known_now,
        count(distinct l.applied_order) as release_count
      from looks as l
      group by 1
    ),
    newest as (
      select c.department_code, c.month, (select max(h.month) from horizons as h) - c.month as age, sum(c.sales) as sales
      from cells as c
      where department is null or c.department_code = department
      group by 1, 2
    ),
    estimates as (
      select n.*,
        -- A département of few sales borrows the country's experience.
        coalesce(d.known_now, 0) >= 100 as is_own,
        case when coalesce(d.known_now, 0) >= 100 then d.known_then / d.known_now
          when w.known_now >= 100 then w.known_then / w.known_now end as share,
        coalesce(case when d.known_now >= 100 then d.release_count else w.release_count end, 0) as releases
      from newest as n
      left join department_shares as d on d.department_code = n.department_code and d.age = n.age
      left join nation_shares as w on w.age = n.age
      where n.age < 12
    )
  select
    e.department_code,
    make_date(1900 + e.month / 12, e.month % 12 + 1, 1),
    e.age,
    e.sales::integer,
    case when e.share > 0 then round(e.share, 3) end,
    case when e.share > 0 then round(e.sales / e.share)::integer end,
    e.releases::integer,
    case
      when (select count(*) from releases) < 2 then 'there is only one release: nothing was seen filling up yet'
      when e.releases = 0 then 'no earlier release knew a month of this age that a later one covers again'
      when e.share is null then 'fewer than 100 sales are known from earlier releases at this age'
      when e.share = 0 then 'earlier releases knew no sale at this age'
      when e.releases = 1 and not e.is_own
        then 'too few sales in the department: rests on one earlier release, over the whole country'
      when e.releases = 1 then 'rests on one earlier release'
      when not e.is_own then 'too few sales in the department: rests on the whole country'
    end
  from estimates as e
  order by e.department_code, e.month desc;
end
$$;

comment on function app_public.estimate_completeness(text) is $$
How complete the newest twelve months are, estimated from how earlier releases filled up.

For a month of age k (0 is the last month known) the share is what earlier releases knew of their months of age k, of
what is known of these by now. That is an upper bound while more may still come. Where too little is known the estimate
is null and `reason` says why; it also says when an estimate rests on one release only or on the whole country.
Withdrawn sales are not counted on either side. `department` narrows it to one.

    select sold_month, sale_count, completeness, reason from app_public.estimate_completeness('35');
$$;

grant execute on function app_public.estimate_completeness(text) to app_visitor, app_analyst;
