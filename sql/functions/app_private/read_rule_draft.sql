-- requires: sql/functions/app_private/active_rules.sql

create function app_private.read_rule_draft(draft jsonb)
returns app_public.validation_rules
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  rule app_public.validation_rules;
  unknown text;
begin
  if jsonb_typeof(draft) is distinct from 'object' then
    raise exception 'expected a rule as an object, got %', coalesce(jsonb_typeof(draft), 'null')
      using errcode = 'PC400',
      hint = 'Give {"field_name": "price", "rule_type": "range", "rule_config": {"min": 1000}}, or {"rule_name": …}.';
  end if;
  select k into unknown
  from jsonb_object_keys(draft) as k
  where k not in (
    'rule_name', 'field_name', 'rule_type', 'rule_config', 'severity', 'weight', 'description', 'source', 'property_type',
    'scope_where', 'warn_below', 'fail_below'
  )
  limit 1;
  if unknown is not null then
    raise exception 'a rule has no %', unknown
      using errcode = 'PC400',
      hint = 'It has rule_name, field_name, rule_type, rule_config, severity, weight, source, property_type, scope_where, warn_below, fail_below.';
  end if;
  select r.* into rule from app_public.validation_rules as r where r.rule_name = draft ->> 'rule_name';
  if not found then
    if not draft ? 'rule_type' then
      raise exception 'rule % does not exist', coalesce(draft ->> 'rule_name', 'without a name')
        using errcode = 'PC404', hint = 'List the rules with: parcelle rules list; a draft needs a rule_type.';
    end if;
    rule.rule_config := '{}';
    rule.severity := 'warning';
    rule.weight := 1;
  end if;
  begin
    rule := jsonb_populate_record(rule, draft - 'source');
  exception when data_exception then
    raise exception 'the rule cannot be read: %', sqlerrm
      using errcode = 'PC400', hint = 'See what there is with: parcelle rules types';
  end;
  if draft ->> 'source' is not null then
    select s.id into rule.source_id from app_public.sources as s where s.code = draft ->> 'source';
    if not found then
      raise exception 'source % does not exist', draft ->> 'source'
        using errcode = 'PC404', hint = 'List the sources with: parcelle sources list';
    end if;
  end if;
  return rule;
end
$$;

comment on function app_private.read_rule_draft(jsonb) is $$
A rule as it is drafted: an object with the columns of validation_rules (and `source` by its code). Named after a rule
that exists, it is that rule with these changes.

PC400: it cannot be read. PC404: the rule or the source does not exist.
$$;
