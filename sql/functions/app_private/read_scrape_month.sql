create function app_private.read_scrape_month(said text)
returns date
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer date := app_private.read_date(said);
begin
  if said is not null and answer is null then
    raise exception 'expected a month, got %', quote_literal(said)
      using errcode = 'PC400', hint = 'Give one such as 06/2024 or 2024-06.';
  end if;
  return date_trunc('month', answer)::date;
end
$$;

comment on function app_private.read_scrape_month(text) is $$
The first day of a month as somebody says it: 06/2024, 2024-06, juin 2024; null for null.

    select app_private.read_scrape_month('06/2024');  -- 2024-06-01

PC400: it is no month.
$$;
