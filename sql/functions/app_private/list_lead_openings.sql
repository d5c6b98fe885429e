create function app_private.list_lead_openings(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  openings jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('insee_code', o.insee_code, 'city', c.name, 'lead_count', o.lead_count,
    'best_score', o.best_score) order by o.lead_count desc, o.insee_code), '[]')
  into openings
  from (
    select l.insee_code, count(*) as lead_count, max(l.score) as best_score
    from app_public.offmarket_leads as l
    where l.ended_at is null
    group by l.insee_code
  ) as o
  left join app_public.cities as c on c.insee_code = o.insee_code;
  return jsonb_build_object('item_count', jsonb_array_length(openings), 'communes', openings);
end
$$;

comment on function app_private.list_lead_openings(integer, jsonb) is $$
Stage: where there are leads to be given out: each commune with how many are open and the best score.
$$;
