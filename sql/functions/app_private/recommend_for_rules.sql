-- requires: sql/functions/app_private/percent.sql
-- requires: sql/functions/app_private/counted.sql
-- Only what the numbers show is said: a factor between failing and passing values, a type or place they share. Where
-- they show nothing, the rule's own words stand. Rules that fail in fewer than three rows, or under 1 %, tell of slips of
-- those who write listings, which no change of ours mends: they are put together.

create function app_private.recommend_for_rules(report jsonb)
returns table (priority integer, share numeric, field text, finding text, likely_cause text, next_step text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with
    rules as (
      select r.*, t.session_types, r.typical_failing / nullif(r.typical_passing, 0) as factor,
        r.outcome <> 'broken' and r.severity <> 'blocker' and r.failed_count > 0
          and r.failed_count < greatest(3, 0.01 * r.checked_count) and r.type <> all (t.session_types) as is_rare
      from jsonb_to_recordset(report -> 'rules') as r (
        rule text, type text, field text, severity text, outcome text, checked_count bigint, failed_count bigint, failed_share numeric,
        description text, details jsonb, samples jsonb, typical_failing numeric, typical_passing numeric,
        mostly_of_type text, mostly_in text
      )
      cross join (
        -- These judge the session whole, so that failing once is failing altogether.
        values ('{row_count,volume_vs_history,distribution_drift,duplicate_rate,schema_drift,coverage_by_source,freshness}'::text[])
      ) as t (session_types)
      -- Rows without a key have a recommendation of their own.
      where r.field is distinct from 'source_key' or r.outcome = 'broken'
    )
  select
    case
      when r.outcome = 'broken' or r.severity = 'blocker' then 1
      when r.severity = 'error' then case when r.failed_share >= 0.02 then 1 else 2 end
      when r.outcome in ('warned', 'failed') then 2
      else 3
    end,
    coalesce(r.failed_share, 0),
    r.field,
    case
      when r.outcome = 'broken' then format('rule %s could not be run', r.rule)
      when r.type = 'volume_vs_history' then
        format('%s rows, where %s are usual', r.details ->> 'staged_count', r.details ->> 'usual_count')
      when r.type = 'schema_drift' then concat_ws('; ',
        'fields that have gone: ' || nullif(array_to_string(array(
          select jsonb_array_elements_text(r.details -> 'missing')), ', '), ''),
        'fields that are new: ' || nullif(array_to_string(array(
          select jsonb_array_elements_text(r.details -> 'appeared')), ', '), ''))
      when r.type = any (r.session_types) then format('rule %s fails: %s', r.rule, coalesce(r.description, r.type))
      else format('rule %s fails in %s (%s)', r.rule, app_private.counted(r.failed_count, 'row'), app_private.percent(coalesce(r.failed_share, 0)))
        || coalesce(', nearly all of them ' || r.mostly_of_type, '') || coalesce(', nearly all in ' || r.mostly_in, '')
        || coalesce(', as “' || (r.samples -> 0 ->> 'value') || '” of ' || (r.samples -> 0 ->> 'source_key'), '')
    end,
    case
      when r.outcome = 'broken' then coalesce(r.details ->> 'message', 'its expression does not fit the rows')
      when r.factor between 8 and 12.5 then 'values ten times too large: a decimal separator was lost'
      when r.factor between 80 and 125 and r.field = 'price' then 'values a hundred times too large: cents were taken for euros'
      when r.factor between 80 and 125 then 'values a hundred times too large: a decimal separator was lost'
      when r.factor between 800 and 1250 then 'values a thousand times too large: thousands were counted twice'
      when r.factor between 0.08 and 0.125 then 'values a tenth of what is usual: a digit was lost'
      when r.factor between 0.008 and 0.0125 then 'values a hundredth of what is usual: the unit is another one'
      when r.factor between 0.0008 and 0.00125 then 'values a thousandth of what is usual: amounts are given in thousands'
      when r.type in ('required', 'required_if', 'completeness') then 'the source leaves it out, or it is no longer extracted'
      when r.type in ('unique', 'compound_unique', 'duplicate_rate') then 'homes are shown more than once: pages repeat, or one home has two keys'
      when r.type in ('row_count', 'volume_vs_history') then 'the crawl ended early, was blocked, or the source has changed its pages'
      when r.type = 'schema_drift' then 'the source has added or dropped fields'
      when r.type in ('distribution_drift', 'zscore') then 'the mix of homes or the unit of a field has changed'
      when r.type in ('peer_outlier', 'rate_of_change') then 'mistyped by the seller, or a field read from another place'
      when r.type = 'freshness' then 'the source repeats old pages'
      when r.type in ('geo_within', 'cross_field', 'reference', 'enum_ref') then 'two fields of a row contradict each other: one of them is of another home'
      when r.type in ('format', 'regex', 'not_regex', 'length', 'data_type') then 'the source writes it in another form'
      else coalesce(r.description, 'the rows say what the rule excludes')
    end,
    case
      when r.outcome = 'broken' then format('correct it: parcelle rules test %s', r.rule)
      when r.severity in ('error', 'blocker') and r.factor is not null and (r.factor >= 8 or r.factor <= 0.125) then
        format('correct how %s is extracted, stage the rows again; what is right as it stands comes in by parcelle quarantine replay once the rule allows it', r.field)
      when r.severity in ('error', 'blocker') then
        format('look at them: parcelle quarantine list; correct the source, or the rule %s, then: parcelle quarantine replay', r.rule)
      when r.type = any (r.session_types) then
        format('compare with the site; if it is as it should be, relax the rule: parcelle rules show %s', r.rule)
      else format('they are marked; look at some of them, and if they are right relax %s: parcelle rules show %s',
        coalesce('the limits of ' || r.field, 'the rule'), r.rule)
    end
  from rules as r
  where not r.is_rare
  union all
  select 3, max(coalesce(r.failed_share, 0)), null,
    case
      when count(*) = 1 then format('rule %s fails in %s', min(r.rule), app_private.counted(sum(r.failed_count)::bigint, 'row'))
      else format('%s fail in single rows, %s in all: %s', app_private.counted(count(*), 'rule'),
        sum(r.failed_count), string_agg(r.rule, ', ' order by r.failed_count desc, r.rule))
    end,
    'slips of whoever wrote the listing, not of the page''s layout',
    case when bool_and(r.severity = 'error')
      then 'nothing has to be done; the rows wait in quarantine: parcelle quarantine list'
      else 'nothing has to be done; the rows are marked'
    end
  from rules as r
  where r.is_rare
  group by r.severity = 'error'
$$;

comment on function app_private.recommend_for_rules(jsonb) is $$
What to do about rules that rows failed or that could not be run, from the `rules` of a quality report.
$$;
