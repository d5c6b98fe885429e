comment on table app_public.city_prices is $$
What a square metre costs in a city, by source: an explorer's average as its page shows it, and the ledger's own
(source dvf), computed at the same refresh. One row per city, type and source: the latest.
$$;
comment on column app_public.city_prices.insee_code is 'The commune or arrondissement.';
comment on column app_public.city_prices.property_type is 'flat or house.';
comment on column app_public.city_prices.source_id is 'Who says so.';
comment on column app_public.city_prices.price_per_m2 is 'Average price per square metre, €/m².';
comment on column app_public.city_prices.sale_count is 'Sales it is the average of; null where the source does not tell.';
comment on column app_public.city_prices.period_from is 'First day of the sales it is the average of; null where the source does not tell.';
comment on column app_public.city_prices.period_to is 'Last day of those sales.';
comment on column app_public.city_prices.stated_on is 'The day on which the source said so.';
comment on column app_public.city_prices.recorded_at is 'When it was written down.';

grant select on app_public.city_prices to app_visitor, app_analyst;

create policy city_prices_everyone_read on app_public.city_prices
  for select to app_visitor, app_analyst using (sale_count is null or sale_count >= 5);
comment on policy city_prices_everyone_read on app_public.city_prices is
  'Averages are for everyone; one of fewer than five sales would tell single prices.';
