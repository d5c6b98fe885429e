create function app_public.resolve_city(
  name text,
  postal_code text default null,
  department_code text default null
)
returns app_public.city_resolution
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select r from app_public.resolve_cities(array[$1], array[$2], array[$3]) as r
$$;

comment on function app_public.resolve_city(text, text, text) is $$
The one present commune (or arrondissement of Paris, Lyon, Marseille) that a name and a postal code mean, with a
confidence, or why there is none.

Accents, case, hyphens, articles, "St/Ste", "S/", CEDEX, arrondissement spellings ("Paris 8e", "PARIS 08", "Lyon III"),
names of former communes, INSEE codes given as postal codes, misspellings and wrong postal codes are understood.
`confidence` is 1 where name and postal code agree and 0 where `insee_code` is null; of La Poste's names with one slip
of the finger, fewer than one in a thousand of the answers from 0.9 on is wrong. A name that several communes bear needs a postal code or a department, unless one of them is
by far the most populous.

    select insee_code, confidence from app_public.resolve_city('ST ETIENNE', '42000');  -- 42218, 1.00
$$;

grant execute on function app_public.resolve_city(text, text, text) to app_visitor, app_analyst;
