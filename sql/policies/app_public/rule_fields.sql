comment on table app_public.rule_fields is $$
The fields of a home that rules and reports speak of: the columns they mean, how much each counts, which step matters.

Weights and significance are the owner's to set; the rest is merged by every deploy.
$$;
comment on column app_public.rule_fields.field_name is 'What rules call it: the name it has in a staged file, where it stands in one.';
comment on column app_public.rule_fields.column_name is
  'Column of properties_live and staged_properties; price_per_m2 is computed in the first only.';
comment on column app_public.rule_fields.staged_column is
  'Column of property_scrapes_staging it is read from; null where it is derived from others.';
comment on column app_public.rule_fields.data_type is 'SQL type of the column.';
comment on column app_public.rule_fields.description is 'What it says.';
comment on column app_public.rule_fields.weight is 'Its part in completeness; 0 leaves it out.';
comment on column app_public.rule_fields.is_personal is
  'Whether it can tell who somebody is: audit and failures then hold a keyed digest in place of the value.';
comment on column app_public.rule_fields.significance is 'How the size of a change is told.';
comment on column app_public.rule_fields.significance_threshold is
  'From this size on a change is recorded: relative step, metres, or 1 − similarity.';
comment on column app_public.rule_fields.is_insignificant_followed is
  'Whether the live value follows a change that is too small to be recorded.';

grant select on app_public.rule_fields to app_analyst;

create policy rule_fields_analyst_read on app_public.rule_fields
  for select to app_analyst using (true);
comment on policy rule_fields_analyst_read on app_public.rule_fields is 'Who writes rules has to know what they may name.';
