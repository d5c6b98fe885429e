comment on table app_public.transaction_dispositions is
  'The dispositions of a sale: the parts of one deed that have a price of their own. They add up to the sale''s price.';
comment on column app_public.transaction_dispositions.transaction_id is 'The sale.';
comment on column app_public.transaction_dispositions.ordinal is 'Place within the sale, from 1.';
comment on column app_public.transaction_dispositions.disposition_no is 'Number of the disposition within the deed, as published.';
comment on column app_public.transaction_dispositions.price_eur is 'Price of this disposition, €; null where none is published.';
comment on column app_public.transaction_dispositions.parcel_ids is 'Parcels of this disposition, 14 characters each, sorted.';
comment on column app_public.transaction_dispositions.line_count is 'Lines of the files that belong to it.';
comment on column app_public.transaction_dispositions.document_service is
  'Office that registered the deed; only in the restricted edition.';
comment on column app_public.transaction_dispositions.document_reference is
  'Reference of the deed at that office; only in the restricted edition, where it identifies the deed.';

grant select on app_public.transaction_dispositions to app_analyst;

create policy transaction_dispositions_analyst_read on app_public.transaction_dispositions
  for select to app_analyst using (true);
comment on policy transaction_dispositions_analyst_read on app_public.transaction_dispositions is
  'Single sales are for analysts.';
