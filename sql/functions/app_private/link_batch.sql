create function app_private.link_batch(wanted bigint, digest bytea)
returns app_public.change_batches
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  head app_public.change_batches;
  batch app_public.change_batches;
begin
  perform pg_advisory_xact_lock(hashtextextended('parcelle.change_batches', 0));
  select b.* into head from app_public.change_batches as b where b.chain_no is not null order by b.chain_no desc limit 1;
  update app_public.change_batches as b
  set
    chain_no = coalesce(head.chain_no, 0) + 1,
    first_position = case when b.change_count > 0 then coalesce(head.last_position, 0) + 1 end,
    last_position = coalesce(head.last_position, 0) + b.change_count,
    entries_digest = digest,
    previous_link = coalesce(head.link, ''),
    link = sha256(coalesce(head.link, '') || digest),
    sealed_at = clock_timestamp()
  where b.id = wanted
  returning b.* into batch;
  return batch;
end
$$;

comment on function app_private.link_batch(bigint, bytea) is $$
Adds a batch to the end of the chain: draws its positions and links the digest of its entries to the link before.

From here to the end of the transaction nobody else adds one.
$$;
