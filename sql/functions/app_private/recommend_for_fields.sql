-- requires: sql/functions/app_private/percent.sql

create function app_private.recommend_for_fields(report jsonb)
returns table (priority integer, share numeric, field text, finding text, likely_cause text, next_step text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with
    fields as (
      select f.*
      from jsonb_to_recordset(report -> 'fields') as f (
        field text, staged_count bigint, said_count bigint, said_share numeric, brought_count bigint, read_share numeric,
        unreadable_count bigint, unreadable_share numeric, unreadable_causes jsonb, unreadable_samples jsonb,
        earlier_share numeric
      )
    ),
    unreadable as (
      select f.*, c.key as cause, c.value::bigint as cause_count
      from fields as f
      cross join lateral (
        select e.key, e.value from jsonb_each_text(f.unreadable_causes) as e order by e.value::bigint desc, e.key limit 1
      ) as c
      where f.unreadable_count > 0
    ),
    -- Single slips are put together: no change of ours mends them.
    rare as (
      select f.* from fields as f
      where f.unreadable_count > 0 and f.unreadable_count < greatest(3, 0.01 * f.brought_count)
    )
  select
    case when u.unreadable_share >= 0.1 then 1 when u.unreadable_share >= 0.02 then 2 else 3 end,
    u.unreadable_share,
    u.field,
    format('%s unreadable in %s of the rows brought (%s), %s', u.field, app_private.percent(u.unreadable_share),
      u.unreadable_count,
      case when u.cause_count = u.unreadable_count then 'all ' else app_private.percent(u.cause_count::numeric
        / u.unreadable_count) || ' of them ' end
      || case u.cause
        when 'two_amounts' then 'with two amounts'
        when 'markup' then 'with markup'
        when 'placeholder' then 'with a placeholder'
        when 'cut_off' then 'cut off'
        when 'other_field' then 'with what belongs to another field'
        when 'no_such_day' then 'with a day the calendar does not have or a form not known'
        when 'words' then 'with words and no digit'
        when 'out_of_range' then case when u.field in ('longitude', 'latitude') then 'with places outside France'
          else 'with numbers no home has' end
        when 'mixed' then 'with words beside digits'
        else 'of one kind not known'
      end)
      || coalesce(', as “' || (u.unreadable_samples ->> 0) || '”', ''),
    case u.cause
      when 'two_amounts' then 'the layout glues two amounts into one cell, such as price and €/m²'
      when 'markup' then 'the element is taken instead of its text'
      when 'placeholder' then 'the source''s program writes out a missing value'
      when 'cut_off' then 'a list view shortens the text; the whole stands on the home''s own page'
      when 'other_field' then 'columns have shifted: a field was added or left out before this one'
      when 'no_such_day' then 'day and month are swapped, or the source writes dates in a new form'
      when 'words' then 'the source says in words what it has no figure for, or columns have shifted'
      when 'out_of_range' then case when u.field in ('longitude', 'latitude')
        then 'longitude and latitude are swapped, or zero stands for an unknown place'
        else 'the unit is another one (cents, ares), or a separator was lost' end
      when 'mixed' then 'the layout puts more into the cell than the figure'
      else 'the source writes the field in a new form'
    end,
    case u.cause
      when 'two_amounts' then format('take the first amount of the cell when extracting %s, stage the rows again and sync', u.field)
      when 'markup' then format('extract the text of the element for %s, stage the rows again and sync', u.field)
      when 'placeholder' then 'leave such cells empty when extracting; nothing is lost by them'
      when 'cut_off' then format('take %s from the home''s own page', u.field)
      else coalesce('compare “' || (u.unreadable_samples ->> 0) || '” with', 'hold some staged rows against')
        || format(' today''s page, correct how %s is extracted, stage the rows again and sync', u.field)
    end
  from unreadable as u
  where u.field not in (select r.field from rare as r)
  union all
  select 3, max(r.unreadable_share), case when count(*) = 1 then min(r.field) end,
    format('%s unreadable in single rows', string_agg(r.field, ', ' order by r.unreadable_count desc, r.field)),
    'slips of whoever wrote the listing, not of the page''s layout',
    'nothing has to be done; the homes are taken without these fields'
  from rare as r
  having count(*) > 0
  union all
  select
    case when f.said_count = 0 then 1 else 2 end,
    f.earlier_share - f.read_share,
    f.field,
    format('%s filled in %s of the rows brought, in %s before', f.field, app_private.percent(f.read_share),
      app_private.percent(f.earlier_share)),
    case when f.said_count = 0 then 'the column is empty in every row: it was renamed, or the page no longer shows it'
      else 'part of the pages has another layout, or the source has begun to leave it out' end,
    format('open a page that lacks it, find where %s stands now, and hold back further sessions until it is extracted again',
      f.field)
  from fields as f
  where f.brought_count >= 20 and f.earlier_share - f.read_share >= 0.2 and f.unreadable_share < 0.1
$$;

comment on function app_private.recommend_for_fields(jsonb) is $$
What to do about fields that could not be read or that are filled less than before, from the `fields` of a quality
report.
$$;
