-- requires: sql/types/app_public/city_candidate.sql

create type app_public.city_resolution as (
  insee_code text,
  name text,
  confidence numeric,
  reason text,
  candidates app_public.city_candidate[]
);
comment on type app_public.city_resolution is 'The one commune that a name and a postal code mean, or why there is none.';
comment on column app_public.city_resolution.insee_code is
  'The present commune or arrondissement; null when the evidence does not decide.';
comment on column app_public.city_resolution.name is 'Its official name; null without an INSEE code.';
comment on column app_public.city_resolution.confidence is
  'From 0 to 1: how sure the answer is, 0 when there is none.';
comment on column app_public.city_resolution.reason is 'Which evidence decided, or what is missing.';
comment on column app_public.city_resolution.candidates is
  'At most five communes that were considered, best first, the chosen one among them.';
