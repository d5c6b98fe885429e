-- Tracking parameters change from crawl to crawl while the advertisement is the same.

create function app_private.clean_url(text)
returns text
language sql
immutable
parallel safe
as $$
  select case
    when $1 like '%?%' and ($1 ilike '%utm\_%' or $1 ilike '%fbclid%' or $1 ilike '%gclid%') then
      regexp_replace(
        regexp_replace(
          app_private.tidy($1), '(?<=[?&])(?:utm_[^=&#]*|fbclid|gclid)(?:=[^&#]*)?(?:&|(?=#|$))', '', 'gi'
        ),
        '[?&]+(?=#|$)', ''
      )
    else app_private.tidy($1)
  end
$$;

comment on function app_private.clean_url(text) is $$
An address on the web without white space around it and without tracking parameters (utm_*, fbclid, gclid).

    select app_private.clean_url(' https://a.fr/12?utm_source=x&id=3 ');  -- https://a.fr/12?id=3
$$;
