comment on table app_public.listing_stats is $$
What homes are offered for, commune by commune and type by type: asking prices of the listings that stand.

Sold homes are left out: what was paid is in market_stats. Recomputed group by group by the session or undo that touched
it. A visitor sees no group of fewer than five listings.
$$;
comment on column app_public.listing_stats.insee_code is 'INSEE code of the commune or arrondissement.';
comment on column app_public.listing_stats.property_type is 'What is offered.';
comment on column app_public.listing_stats.listing_count is 'Listings that are active or under offer.';
comment on column app_public.listing_stats.price_median_eur is 'Half of them ask at most this, €.';
comment on column app_public.listing_stats.price_per_m2_count is 'Those with a price per m².';
comment on column app_public.listing_stats.price_per_m2_first_quartile is 'First quartile of the price per m², €/m².';
comment on column app_public.listing_stats.price_per_m2_median is 'Median price per m², €/m².';
comment on column app_public.listing_stats.price_per_m2_third_quartile is 'Third quartile of the price per m², €/m².';
comment on column app_public.listing_stats.price_per_m2_mad is
  'Median distance of a listing''s price per m² from the median, €/m²: what outliers are measured in.';
comment on column app_public.listing_stats.calculated_at is 'When the group was computed last.';

grant select on app_public.listing_stats to app_visitor, app_analyst;

create policy listing_stats_visitor_read on app_public.listing_stats
  for select to app_visitor using (listing_count >= 5 and price_per_m2_count not between 1 and 4);
comment on policy listing_stats_visitor_read on app_public.listing_stats is
  'Aggregates are for everyone, but a group of fewer than five would tell what single homes are offered for.';

create policy listing_stats_analyst_read on app_public.listing_stats
  for select to app_analyst using (true);
comment on policy listing_stats_analyst_read on app_public.listing_stats is
  'An analyst sees the listings themselves.';

grant select on app_public.listing_stats to app_rule;

create policy listing_stats_rule_read on app_public.listing_stats
  for select to app_rule using (true);
comment on policy listing_stats_rule_read on app_public.listing_stats is
  'Rules compare homes with their peers, whole groups only, whatever their size.';
