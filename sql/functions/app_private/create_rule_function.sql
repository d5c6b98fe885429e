create function app_private.create_rule_function(
  function_name text, names text[], types text[], condition text, what text
)
returns void
language plpgsql
volatile
set check_function_bodies = on
set search_path = pg_catalog, app_public, app_base, pg_temp
as $$
declare
  message text;
begin
  perform app_private.drop_rule_function(function_name);
  begin
    execute format(
      'create function app_rules.%I(%s) returns boolean language sql stable parallel safe return (%s)',
      function_name,
      (select coalesce(string_agg(format('%I %s', n.name, n.type), ', ' order by n.ordinal), '')
       from unnest(names, types) with ordinality as n (name, type, ordinal)),
      condition
    );
  exception
    when syntax_error_or_access_rule_violation or data_exception or feature_not_supported
      or invalid_schema_name or program_limit_exceeded then
    get stacked diagnostics message = message_text;
    raise exception '% cannot be read: %', what, message
      using errcode = 'PC400',
      hint = 'Name fields as rule_fields does, such as price, surface or city; texts stand in single quotes.';
  end;
end
$$;

comment on function app_private.create_rule_function(text, text[], text[], text, text) is $$
Creates app_rules.<function_name> with these parameters, in place of an earlier one.

PC400: PostgreSQL cannot read the condition; the message carries its own.
$$;
