-- requires: sql/types/app_public/audit_finding.sql

create type app_public.audit_verdict as (
  is_intact boolean,
  batch_count bigint,
  change_count bigint,
  action_count bigint,
  last_position bigint,
  link text,
  findings app_public.audit_finding[]
);
comment on type app_public.audit_verdict is 'Whether the record of changes is as it was written.';
comment on column app_public.audit_verdict.is_intact is 'Whether nothing was found.';
comment on column app_public.audit_verdict.batch_count is 'Batches in the chain.';
comment on column app_public.audit_verdict.change_count is 'Changes that were compared with their digests.';
comment on column app_public.audit_verdict.action_count is 'Operators'' actions that were.';
comment on column app_public.audit_verdict.last_position is 'Position of the last change; 0 before the first.';
comment on column app_public.audit_verdict.link is 'The last link, in hexadecimal; null before the first.';
comment on column app_public.audit_verdict.findings is 'What is wrong, at most a hundred places, in the order of the chain.';
