create function app_private.claim_market_figures(release integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  execute format('truncate app_private.%I', 'market_figures_' || release);
end
$$;

comment on function app_private.claim_market_figures(integer) is $$
Claims the market statistics of a release that is about to fill an empty ledger.

To be followed by app_private.prepare_market_figures in the same transaction: until that has ended,
app_private.fill_market_stats waits for it.
$$;
