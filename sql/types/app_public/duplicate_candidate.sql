create type app_public.duplicate_candidate as (
  kind text,
  source text,
  confidence numeric,
  source_keys text[],
  property_ids bigint[],
  row_count integer,
  insee_code text,
  address text,
  evidence jsonb
);
comment on type app_public.duplicate_candidate is 'What may be one home reported twice, and what speaks for it.';
comment on column app_public.duplicate_candidate.kind is
  'source_key: one key stands on several rows of the session; address: two keys, one address.';
comment on column app_public.duplicate_candidate.source is 'Code of the source.';
comment on column app_public.duplicate_candidate.confidence is
  'How much speaks for one home, 0 to 1: 1 for one key; for one address 0.5, more where surface, price and rooms agree.';
comment on column app_public.duplicate_candidate.source_keys is 'The key, or the two keys.';
comment on column app_public.duplicate_candidate.property_ids is 'The live homes among them.';
comment on column app_public.duplicate_candidate.row_count is 'Rows concerned.';
comment on column app_public.duplicate_candidate.insee_code is 'INSEE code of the commune.';
comment on column app_public.duplicate_candidate.address is 'The address as the first of them writes it.';
comment on column app_public.duplicate_candidate.evidence is 'What agrees, with the values of both.';
