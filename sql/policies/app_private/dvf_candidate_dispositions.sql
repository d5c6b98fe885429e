comment on table app_private.dvf_candidate_dispositions is
  'The dispositions of candidates that have several; a single one is written on the candidate itself.';
comment on column app_private.dvf_candidate_dispositions.release_id is 'The release: the key of the partition.';
comment on column app_private.dvf_candidate_dispositions.shard is 'The shard of its lines.';
comment on column app_private.dvf_candidate_dispositions.candidate_no is 'The candidate, within release and shard.';
comment on column app_private.dvf_candidate_dispositions.ordinal is 'Position within the mutation, from 1.';
comment on column app_private.dvf_candidate_dispositions.disposition_no is 'Number of the disposition within the deed.';
comment on column app_private.dvf_candidate_dispositions.price_cents is 'Its price, cents.';
comment on column app_private.dvf_candidate_dispositions.parcel_ids is 'Its parcels, canonical ids.';
comment on column app_private.dvf_candidate_dispositions.line_count is 'Lines it came from.';
comment on column app_private.dvf_candidate_dispositions.document_service is 'Office that registered the deed (restricted edition).';
comment on column app_private.dvf_candidate_dispositions.document_reference is 'Reference of the deed (restricted edition).';
