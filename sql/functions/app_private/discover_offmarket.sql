-- requires: sql/functions/app_private/find_offmarket.sql

create function app_private.discover_offmarket(department text, run integer default null)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  found_count integer;
begin
  merge into app_public.offmarket_leads as t
  using app_private.find_offmarket(department) as f on t.property_id = f.property_id
  when matched then update set
    insee_code = f.insee_code, department_code = f.department_code, property_type = f.property_type, score = f.score,
    reasons = f.reasons, confirmed_at = clock_timestamp(), ended_at = null, run_id = discover_offmarket.run
  when not matched then insert (property_id, insee_code, department_code, property_type, score, reasons, run_id)
    values (f.property_id, f.insee_code, f.department_code, f.property_type, f.score, f.reasons, discover_offmarket.run);
  get diagnostics found_count = row_count;
  update app_public.offmarket_leads as o
  set ended_at = clock_timestamp()
  where o.department_code = department and o.ended_at is null
    and not exists (select from app_private.find_offmarket(department) as f where f.property_id = o.property_id);
  return found_count;
end
$$;

comment on function app_private.discover_offmarket(text, integer) is $$
Brings the leads of a département to what find_offmarket says; how many are open. A home for which no reason holds any
more has its lead ended, and is open again when one does.

    select app_private.discover_offmarket('44');
$$;
