create function app_private.link_batch(
  batch bigint, session uuid, actor text, opened_at timestamptz, closed_at timestamptz,
  change_count integer, action_count integer, digest bytea
)
returns bigint
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  place bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('parcelle.change_batches', 0));
  insert into app_public.change_batches (
    id, session_id, actor, change_count, action_count, chain_no, first_position, last_position,
    entries_digest, previous_link, link, opened_at, sealed_at
  )
  select
    batch, session, actor, change_count, action_count, coalesce(h.chain_no, 0) + 1,
    case when change_count > 0 then coalesce(h.last_position, 0) + 1 end,
    coalesce(h.last_position, 0) + change_count,
    digest, coalesce(h.link, ''), sha256(coalesce(h.link, '') || digest), opened_at, closed_at
  from (select) as always
  left join lateral (
    select b.chain_no, b.last_position, b.link
    from app_public.change_batches as b
    order by b.chain_no desc
    limit 1
  ) as h on true
  returning last_position into place;
  return place;
end
$$;

comment on function app_private.link_batch(bigint, uuid, text, timestamptz, timestamptz, integer, integer, bytea) is $$
Adds a batch to the end of the chain: draws its positions and links the digest of its entries to the link before; the
last of its positions.

From here to the end of the transaction nobody else adds one.
$$;
