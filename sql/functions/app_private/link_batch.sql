create function app_private.link_batch(
  batch bigint, session uuid, actor text, opened_at timestamptz, closed_at timestamptz, entries record
)
returns bigint
language plpgsql
volatile
as $$
declare
  head record;
  place bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('parcelle.change_batches', 0));
  select b.chain_no, b.last_position, b.link into head
  from app_public.change_batches as b
  order by b.chain_no desc
  limit 1;
  insert into app_public.change_batches (
    id, session_id, actor, change_count, action_count, chain_no, first_position, last_position,
    entries_digest, previous_link, link, opened_at, sealed_at
  )
  values (
    batch, session, actor, entries.change_count, entries.action_count, coalesce(head.chain_no, 0) + 1,
    case when entries.change_count > 0 then coalesce(head.last_position, 0) + 1 end,
    coalesce(head.last_position, 0) + entries.change_count,
    entries.digest, coalesce(head.link, ''), sha256(coalesce(head.link, '') || entries.digest), opened_at, closed_at
  )
  returning last_position into place;
  return place;
end
$$;

comment on function app_private.link_batch(bigint, uuid, text, timestamptz, timestamptz, record) is $$
Adds a batch to the end of the chain: draws its positions and links the digest of its entries to the link before; the
last of its positions.

From here to the end of the transaction nobody else adds one.
$$;
