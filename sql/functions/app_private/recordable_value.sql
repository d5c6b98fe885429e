-- Without `set`, so that the planner writes it in place of the call.
-- requires: sql/functions/app_private/personal_digest.sql

create function app_private.recordable_value(field_name text, value jsonb)
returns jsonb
language sql
stable
as $$
  select case
    when field_name in ('contact_phone', 'contact_email')
      then to_jsonb(app_private.personal_digest(value #>> '{}'))
    else nullif(value, 'null')
  end
$$;

comment on function app_private.recordable_value(text, jsonb) is $$
A value as it stands in the record of changes: nothing as null, a personal value as its digest.

    select app_private.recordable_value('contact_email', '"a@example.org"');  -- "digest:91c2…"
$$;
