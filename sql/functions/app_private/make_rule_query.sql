-- requires: sql/functions/app_private/check_rule_text.sql
-- requires: sql/functions/app_private/refuse_unsafe_rule.sql

create function app_private.make_rule_query(function_name text, query text, what text)
returns void
language plpgsql
volatile
security definer
set check_function_bodies = on
set search_path = pg_catalog, app_public, app_base, pg_temp
as $$
declare
  message text;
begin
  perform app_private.check_rule_text(query, what);
  perform app_private.drop_rule_function(function_name);
  begin
    execute format(
      'create function app_rules.%I(this_session uuid, first_bucket integer, last_bucket integer)
       returns setof text language sql stable parallel safe
       begin atomic
         with staged as (
           select s.*, %s
           from app_public.staged_properties as s
           where s.session_id = this_session and s.bucket between first_bucket and last_bucket
         )
         select q.failing_key::text from (%s) as q (failing_key);
       end',
      function_name,
      (select string_agg(format('%s as %I',
         case n.column_name when 'price_per_m2'
           then 'case when s.price_eur > 0 and s.surface_m2 > 0 then round(s.price_eur / s.surface_m2, 2) end'
           else format('s.%I', n.column_name) end, n.name), ', ')
       from app_private.rule_names() as n
       where n.name <> n.column_name or n.column_name = 'price_per_m2'),
      query
    );
  exception
    when syntax_error_or_access_rule_violation or data_exception or feature_not_supported
      or invalid_schema_name or program_limit_exceeded then
    get stacked diagnostics message = message_text;
    raise exception '% cannot be read: %', what, message
      using errcode = 'PC400',
      hint = 'Select the keys of failing rows, as: select source_key from staged where price < 1000';
  end;
  perform app_private.refuse_unsafe_rule(p.oid::regprocedure, what)
  from pg_proc as p
  where p.pronamespace = 'app_rules'::regnamespace and p.proname = function_name;
  perform app_private.give_to_rule_role(function_name);
end
$$;

comment on function app_private.make_rule_query(text, text, text) is $$
Makes app_rules.<function_name> from a query that gives the keys of failing rows, in place of an earlier one. Inside it
`staged` holds the new and changed rows of the session, with the names of columns and of fields.

PC400: the query cannot be read. PC422: it does what a rule may not. `what` begins the message.
$$;
