-- Security definer: digests are computed from columns and by functions that are the owner's alone.

create function app_public.verify_audit(head jsonb default null)
returns app_public.audit_verdict
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.audit_verdict;
  held app_public.change_batches;
begin
  if head is not null and (jsonb_typeof(head -> 'chain_no') is distinct from 'number'
    or jsonb_typeof(head -> 'link') is distinct from 'string') then
    raise exception 'this is not the head of a chain of changes: %', left(head::text, 100)
      using errcode = 'PC400', hint = 'Give what export_audit_head gave, with chain_no and link.';
  end if;
  select count(*), coalesce(max(b.last_position), 0) into answer.batch_count, answer.last_position
  from app_public.change_batches as b;
  answer.change_count := (select count(*) from app_public.property_changes);
  answer.action_count := (select count(*) from app_public.admin_actions);
  answer.link := (
    select encode(b.link, 'hex') from app_public.change_batches as b order by b.chain_no desc limit 1
  );
  answer.findings := array(
    select f
    from (
      select f.* from app_private.audit_batches() as f
      union all
      select f.* from app_private.audit_entries() as f
      union all
      select f.* from app_private.audit_seals_findings() as f
    ) as f
    order by f.chain_no, f.batch_id, f.problem
    limit 100
  );
  if head is not null then
    select b.* into held from app_public.change_batches as b where b.chain_no = (head ->> 'chain_no')::bigint;
    if (head ->> 'chain_no')::bigint > 0 and encode(held.link, 'hex') is distinct from head ->> 'link' then
      answer.findings := row(held.id, (head ->> 'chain_no')::bigint, case when held.id is null
        then 'the exported head is no longer in the chain'
        else 'its link is not the one that was exported' end)::app_public.audit_finding || answer.findings;
    end if;
  end if;
  answer.is_intact := answer.findings = '{}';
  return answer;
end
$$;

comment on function app_public.verify_audit(jsonb) is $$
Whether the record of changes and of operators' actions is as it was written: every entry, every batch, every link.

An entry that was edited, added or taken away is found, with its batch; so is a batch that was, unless it was the last:
for that give a `head` that export_audit_head gave earlier and that was kept elsewhere. Months that were let go by policy
are not missed. Reads everything: about ten seconds for a million changes.

    select is_intact, batch_count from verify_audit();  -- t, 5120

PC400: the head is not one.
$$;

grant execute on function app_public.verify_audit(jsonb) to app_analyst;
