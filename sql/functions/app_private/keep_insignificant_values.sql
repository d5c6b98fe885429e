-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.keep_insignificant_values(session app_public.scrape_sessions)
returns void
language plpgsql
volatile
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
declare
  field record;
begin
  -- One statement for each field that has the setting; hardly any has.
  for field in
    select f.column_name, f.significance, f.significance_threshold
    from app_public.rule_fields as f
    where not f.is_insignificant_followed and f.significance <> 'any'
  loop
    execute format(
      'update app_public.staged_properties as s set %1$I = l.%1$I
       from app_public.properties_live as l
       where l.id = s.property_id and s.%1$I is distinct from l.%1$I and s.%1$I is not null and l.%1$I is not null
         and not app_private.is_significant(%2$L, %3$L,
           app_private.change_magnitude(%1$L, to_jsonb(l.%1$I), to_jsonb(s.%1$I))) and %4$s',
      field.column_name, field.significance, field.significance_threshold, app_private.session_rows_filter(session)
    );
  end loop;
end
$$;

comment on function app_private.keep_insignificant_values(app_public.scrape_sessions) is $$
Puts the live value back into staged rows where a field moved by less than its threshold and is set not to follow
(rule_fields.is_insignificant_followed).
$$;
