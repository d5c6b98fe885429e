create type app_public.audit_finding as (
  batch_id bigint,
  chain_no bigint,
  problem text
);
comment on type app_public.audit_finding is 'A place where the record of changes is not as it was written.';
comment on column app_public.audit_finding.batch_id is 'The batch; null where it is the batch that is missing.';
comment on column app_public.audit_finding.chain_no is 'Its number in the chain.';
comment on column app_public.audit_finding.problem is 'What is wrong, in words.';
