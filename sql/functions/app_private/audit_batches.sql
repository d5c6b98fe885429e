create function app_private.audit_batches()
returns setof app_public.audit_finding
language sql
stable
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
  with
    chain as (
      select
        b.*,
        lag(b.chain_no, 1, 0) over w as before_no,
        lag(b.link, 1, '') over w as before_link,
        lag(b.last_position, 1, 0) over w as before_position
      from app_public.change_batches as b
      window w as (order by b.chain_no)
    )
  select c.id, c.chain_no, p.problem
  from chain as c
  cross join lateral (
    values
      (
        case
          when c.chain_no = c.before_no + 2 then format('batch %s of the chain is missing', c.chain_no - 1)
          when c.chain_no > c.before_no + 2
            then format('batches %s to %s of the chain are missing', c.before_no + 1, c.chain_no - 1)
          -- Where batches are missing, what they would link to is missing too.
          when c.previous_link <> c.before_link then 'its previous link is not the link of the batch before'
        end
      ),
      (case when c.link <> sha256(c.previous_link || c.entries_digest) then 'its link was edited' end),
      (
        case when c.chain_no = c.before_no + 1 and (
          c.last_position <> c.before_position + c.change_count
          or c.first_position is distinct from case when c.change_count > 0 then c.before_position + 1 end
        ) then 'its positions were edited' end
      )
  ) as p (problem)
  where p.problem is not null
$$;

comment on function app_private.audit_batches() is $$
What is wrong with the chain of batches itself: missing ones, links and positions that do not follow from each other.
$$;
