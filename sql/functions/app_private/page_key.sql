-- Without `set`, so that it is inlined into scans of a million rows.

create function app_private.page_key(url text)
returns text
language sql
immutable
parallel safe
return nullif(
  case when url ~* '[?&](utm_|fbclid=|gclid=)'
    then rtrim(regexp_replace(btrim(url), '(?<=[?&])(utm_[a-z_]*|fbclid|gclid)=[^&#]*&?', '', 'gi'), '?&')
    else btrim(url)
  end, ''
);

comment on function app_private.page_key(text) is $$
The address of a page as the key of its home: without the parameters that only say where a visitor came from. The rest
stays as it is, fragment included, since some sources put the home's number there. Null for nothing.

    select app_private.page_key('https://example.org/12?utm_source=mail');  -- https://example.org/12
$$;
