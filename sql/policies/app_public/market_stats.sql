comment on table app_public.market_stats is $$
The market by place, type, nature and period: how many sales, for how much.

Recomputed group by group by the import that changes it. A group of fewer than five sales shows its count only.
Communes include the arrondissements of Paris, Lyon and Marseille and, beside them, each city whole: add up one kind.
$$;
comment on column app_public.market_stats.area_level is 'Commune, department, region or nation.';
comment on column app_public.market_stats.area_code is 'INSEE code of the commune or arrondissement, code of the department or region, or FR.';
comment on column app_public.market_stats.property_type is 'What was sold.';
comment on column app_public.market_stats.nature is 'Kind of transfer; off-plan sales and auctions have groups of their own.';
comment on column app_public.market_stats.period_kind is 'Month, quarter or year.';
comment on column app_public.market_stats.period_start is 'First day of the period.';
comment on column app_public.market_stats.sale_count is 'Sales with a price.';
comment on column app_public.market_stats.volume_eur is 'Sum of their prices, €; null under five sales.';
comment on column app_public.market_stats.price_mean_eur is 'Mean price, €; null under five sales.';
comment on column app_public.market_stats.price_first_quartile_eur is 'A quarter of the sales cost at most this, €.';
comment on column app_public.market_stats.price_median_eur is 'Half of the sales cost at most this, €.';
comment on column app_public.market_stats.price_third_quartile_eur is 'Three quarters of the sales cost at most this, €.';
comment on column app_public.market_stats.price_per_m2_count is 'Sales that have a price per m²: certain sales of one dwelling.';
comment on column app_public.market_stats.price_per_m2_mean is 'Mean price per m², €/m²; null under five such sales.';
comment on column app_public.market_stats.price_per_m2_first_quartile is 'First quartile of the price per m², €/m².';
comment on column app_public.market_stats.price_per_m2_median is 'Median price per m², €/m².';
comment on column app_public.market_stats.price_per_m2_third_quartile is 'Third quartile of the price per m², €/m².';
comment on column app_public.market_stats.calculated_at is 'When the group was computed last.';

grant select on app_public.market_stats to app_visitor, app_analyst;

create policy market_stats_everyone_read on app_public.market_stats
  for select to app_visitor, app_analyst using (true);
comment on policy market_stats_everyone_read on app_public.market_stats is
  'Aggregates are for everyone; small groups hold no price.';

grant select on app_public.market_stats to app_rule;

create policy market_stats_rule_read on app_public.market_stats
  for select to app_rule using (true);
comment on policy market_stats_rule_read on app_public.market_stats is
  'Rules may compare homes with what was sold.';
