create type app_private.dvf_session_scope as (
  insee_codes text[],
  first_day date,
  last_day date
);
comment on type app_private.dvf_session_scope is 'Communes and days that a session of the register has to look at; null without limit.';
comment on column app_private.dvf_session_scope.insee_codes is 'Present communes and arrondissements.';
comment on column app_private.dvf_session_scope.first_day is 'First day of sale.';
comment on column app_private.dvf_session_scope.last_day is 'Last day of sale.';
