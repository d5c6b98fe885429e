-- config_keys: a kind for each key, `!` where it must be given. The trigger checks configs against this list.

create view app_public.rule_types with (security_invoker) as
select
  t.rule_type::app_base.rule_type as rule_type,
  t.judges,
  t.needs_field,
  t.config_keys::jsonb as config_keys,
  t.needs_one_of::text[] as needs_one_of,
  t.example::jsonb as example,
  t.meaning
from (values
  ('required', 'row', true, '{}', '{}', '{}',
    'The field says something that can be read.'),
  ('required_if', 'row', true, '{"field": "field!", "in": "values", "is_present": "flag"}', '{in,is_present}',
    '{"field": "property_type", "in": ["house", "flat"]}',
    'The field says something where another field is one of some values, or says something itself.'),
  ('data_type', 'row', false, '{}', '{}', '{}',
    'What the source wrote in the field (in any field, without one) could be read.'),
  ('range', 'row', true, '{"min": "bound", "max": "bound"}', '{min,max}', '{"min": 50000, "max": 10000000}',
    'Lowest and highest value, both allowed; days as YYYY-MM-DD, today, today-30 or today+30.'),
  ('length', 'row', true, '{"min": "count", "max": "count"}', '{min,max}', '{"min": 10, "max": 5000}',
    'Fewest and most characters.'),
  ('regex', 'row', true, '{"pattern": "pattern!", "ignore_case": "flag"}', '{}', '{"pattern": "^[0-9]{5}$"}',
    'The value matches a regular expression (PostgreSQL''s).'),
  ('not_regex', 'row', true, '{"pattern": "pattern!", "ignore_case": "flag"}', '{}', '{"pattern": "<[a-z]+"}',
    'The value does not match a regular expression.'),
  ('enum', 'row', true, '{"values": "values!"}', '{}', '{"values": ["A", "B", "C", "D", "E", "F", "G"]}',
    'The value is one of a list.'),
  ('not_in', 'row', true, '{"values": "values!"}', '{}', '{"values": ["test", "inconnu"]}',
    'The value is none of a list.'),
  ('enum_ref', 'row', true, '{"ref": "column!"}', '{}', '{"ref": "departments.code"}',
    'The value stands in a column of a reference table.'),
  ('unique', 'rows', true, '{"within": "session|source"}', '{}', '{"within": "session"}',
    'No other new or changed row of the session (or no live home of the source either) has the value. For source_key: no key stands twice with different contents.'),
  ('compound_unique', 'rows', false, '{"fields": "fields!", "within": "session|source"}', '{}',
    '{"fields": ["address", "city", "surface", "price"]}',
    'No other row has the same values in all of some fields; rows that lack one of them pass.'),
  ('reference', 'row', false, '{"table": "table!", "columns": "columns!"}', '{}',
    '{"table": "city_postal_codes", "columns": {"postal_code": "postal_code", "insee_code": "insee_code"}}',
    'Some fields together stand in a row of a reference table: field → column.'),
  ('cross_field', 'row', false,
    '{"left": "field", "op": "=|<>|<|<=|>|>=|in_commune!", "right": "field!", "factor": "number", "offset": "number"}', '{}',
    '{"left": "surface", "op": ">=", "right": "rooms", "factor": 6}',
    'One field compared with another (times factor, plus offset). in_commune: a parcel id lies in a commune, its arrondissements and former communes included.'),
  ('sum_equals', 'row', false, '{"fields": "fields!", "total": "field", "tolerance": "number"}', '{}',
    '{"fields": ["rooms", "bedrooms"], "total": "rooms", "tolerance": 20}',
    'Some fields add up to another, give or take the tolerance.'),
  ('expression', 'row', false, '{"expression": "text!"}', '{}', '{"expression": "price / surface < 30000"}',
    'An SQL condition over the fields of a row; false fails, null passes.'),
  ('query', 'rows', false, '{"query": "text!"}', '{}',
    '{"query": "select source_key from staged where price > 2 * (select avg(price) from staged)"}',
    'One SQL query that gives the keys of failing rows; `staged` holds the session''s new and changed rows.'),
  ('format', 'row', true,
    '{"preset": "insee_code|postal_code|siren|parcel_id|dpe_number|phone_fr|email|url!"}', '{}', '{"preset": "insee_code"}',
    'The value is well formed: a SIREN with its check digit, a French telephone number with 0 or +33 …'),
  ('geo_within', 'row', false, '{"area": "department|france", "box": "box"}', '{area,box}', '{"area": "department"}',
    'The coordinates lie in the row''s department, in France, or in a box of [west, south, east, north].'),
  ('confidence_min', 'row', false, '{"min": "share!"}', '{}', '{"min": 0.8}',
    'The commune is known at least this surely.'),
  ('freshness', 'row or session', false, '{"max_days": "count", "max_hours": "count"}', '{max_days,max_hours}',
    '{"max_days": 400}',
    'A day (the field) is at most so many days ago; without a field: the session was filled at most so many hours or days ago.'),
  ('row_count', 'session', false, '{"min": "count", "max": "count"}', '{min,max}', '{"min": 100}',
    'Fewest and most rows staged.'),
  ('volume_vs_history', 'session', false,
    '{"min_ratio": "number", "max_ratio": "number", "sessions": "count", "min_sessions": "count"}', '{min_ratio,max_ratio}',
    '{"min_ratio": 0.7, "max_ratio": 1.5, "sessions": 5, "min_sessions": 2}',
    'Rows staged against the median of the source''s last completed sessions of the same scope.'),
  ('distribution_drift', 'session', true,
    '{"max_psi": "number!", "bins": "count", "min_count": "count"}', '{}', '{"max_psi": 0.25, "bins": 10, "min_count": 200}',
    'New and changed rows are spread over the deciles of the source''s live homes: population stability index, 0.1 little, 0.25 much.'),
  ('zscore', 'rows', true, '{"max": "number!", "by": "fields", "min_count": "count"}', '{}',
    '{"max": 5, "by": ["insee_code", "property_type"], "min_count": 30}',
    'Distance from the mean of the session''s new and changed rows, in standard deviations, group by group.'),
  ('peer_outlier', 'row', false, '{"max_deviations": "number!", "min_count": "count"}', '{}',
    '{"max_deviations": 8, "min_count": 20}',
    'Price per m² against the listings of the same commune and type: how many (scaled) median deviations it is too high, or too low by ratio.'),
  ('rate_of_change', 'row', true, '{"max_ratio": "number!"}', '{}', '{"max_ratio": 1}',
    'Against the live value: by how much it may grow (1: twice as much) or shrink (1: half).'),
  ('duplicate_rate', 'session', false, '{"max": "share!"}', '{}', '{"max": 0.05}',
    'Share of rows whose key another row of the session repeats.'),
  ('completeness', 'row', false, '{"min": "share!", "weights": "weights"}', '{}', '{"min": 0.5}',
    'Share of fields filled, weighted as in rule_fields or as the config says.'),
  ('schema_drift', 'session', false, '{"max_missing": "count", "max_new": "count", "sample": "count"}', '{}',
    '{"max_missing": 0, "max_new": 0, "sample": 2000}',
    'Columns and payload keys that a sample of rows fills, against the last completed session: how many may vanish or appear.'),
  ('coverage_by_source', 'session', false, '{"min": "share!"}', '{}', '{"min": 0.9}',
    'Share of the communes where the source has homes on the market (inside the session''s scope) that the session saw.')
) as t (rule_type, judges, needs_field, config_keys, needs_one_of, example, meaning);

comment on view app_public.rule_types is $$
Every type of validation rule: what it judges (a row, rows against each other, the session), the shape of its config with
an example, and what it means.

    select rule_type, example, meaning from rule_types where judges = 'row';
$$;
comment on column app_public.rule_types.rule_type is 'The type.';
comment on column app_public.rule_types.judges is
  'What it judges: each row by itself, rows against each other, or the session as a whole.';
comment on column app_public.rule_types.needs_field is 'Whether field_name has to be given.';
comment on column app_public.rule_types.config_keys is
  'What the config may hold: a kind, or the words allowed, for each key; with ! it must be there.';
comment on column app_public.rule_types.needs_one_of is 'Of these keys at least one must be there.';
comment on column app_public.rule_types.example is 'A config as it may be.';
comment on column app_public.rule_types.meaning is 'What passes.';

grant select on app_public.rule_types to app_analyst;
