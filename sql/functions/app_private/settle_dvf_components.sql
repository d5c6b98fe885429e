-- A component grows by its smallest label until nothing changes. A chain of dispositions is rarely longer
-- than three and only days with a disposition 2 or more come here, so the loop is short.

create function app_private.settle_dvf_components(joined_by text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  analyze pg_temp.dvf_node (node, label);
  analyze pg_temp.dvf_edge;
  loop
    update pg_temp.dvf_node as n
    set label = reached.label
    from (
      select e.one, min(o.label) as label
      from pg_temp.dvf_edge as e
      join pg_temp.dvf_node as o on o.node = e.other
      group by e.one
    ) as reached
    where reached.one = n.node and reached.label < n.label;
    exit when not found;
  end loop;

  update pg_temp.dvf_node as n
  set label = n.node, is_ambiguous = true
  where n.label in (
    select o.label
    from pg_temp.dvf_node as o
    cross join unnest(o.numbers) as v (disposition_no)
    group by o.label
    having count(*) <> count(distinct v.disposition_no)
  );

  update pg_temp.dvf_member as m set node = n.label from pg_temp.dvf_node as n where n.node = m.node and n.label <> n.node;

  create temporary table dvf_settled on commit drop as
  select n.label as node, n.label, array_agg(distinct v.disposition_no) as numbers,
    coalesce(max(n.evidence), case when count(distinct n.node) > 1 then joined_by end) as evidence,
    bool_or(n.is_ambiguous) as is_ambiguous
  from pg_temp.dvf_node as n
  cross join unnest(n.numbers) as v (disposition_no)
  group by n.label;
  truncate pg_temp.dvf_node;
  insert into pg_temp.dvf_node select s.node, s.label, s.numbers, s.evidence, s.is_ambiguous from pg_temp.dvf_settled as s;
  drop table pg_temp.dvf_settled;
end
$$;

comment on function app_private.settle_dvf_components(text) is $$
Joins the nodes of pg_temp.dvf_node that pg_temp.dvf_edge connects (each edge stands in both directions).

A component whose disposition numbers are all different becomes one node, with `joined_by` as its
evidence; one in which a number stands twice is left apart and marked ambiguous.
pg_temp.dvf_member follows.
$$;
