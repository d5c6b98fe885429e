-- The reference geography: what INSEE's official code counts as present, and what it has been called before.

create type app_base.territory_zone as enum ('metropolitan', 'overseas_department', 'overseas_collectivity');
comment on type app_base.territory_zone is
  'Metropolitan France, the five overseas departments, or the collectivities that INSEE counts apart.';

create type app_base.city_kind as enum ('commune', 'arrondissement', 'overseas_collectivity_commune');
comment on type app_base.city_kind is
  'A commune, a municipal arrondissement of Paris, Lyon or Marseille, or a commune of an overseas collectivity.';

create type app_base.former_city_kind as enum ('merged', 'delegated', 'associated', 'recoded');
comment on type app_base.former_city_kind is
  'How a former commune or code lives on: absorbed, delegated, associated, or the same place under a new code.';

-- One expression without a "set" clause, so that the planner writes it in place of the call. Every word gets spaces of
-- its own and abbreviations are replaced as whole words: a regular expression for each would cost three times as much.
-- S/S is "sous" and S/ is "sur", both only where a word starts, so that "Paris/Lyon" stays two words.
-- HAYE (LA), HAVRE LE: no name ends with its article, so one found there was moved.
create function app_base.normal_city_name(name text)
returns text
language sql
immutable
strict
parallel safe
return pg_catalog.regexp_replace(
  pg_catalog.btrim(pg_catalog.regexp_replace(
    pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
    pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
      '  ' || pg_catalog.regexp_replace(
        pg_catalog.regexp_replace(
          pg_catalog.regexp_replace(
            pg_catalog.lower(extensions.unaccent('extensions.unaccent'::pg_catalog.regdictionary, $1)),
            '\ms/s\M', ' sous ', 'g'
          ),
          '\ms/', ' sur ', 'g'
        ),
        '[^a-z0-9]+', '  ', 'g'
      ) || '  ',
      ' st ', ' saint '), ' ste ', ' sainte '), ' sts ', ' saints '), ' stes ', ' saintes '),
      ' s ', ' sur '), ' nd ', ' notre  dame '), ' n  d ', ' notre  dame '), ' lez ', ' les '),
    ' {2,}', ' ', 'g'
  )),
  '^(.+) (les|le|la|l)$', '\2 \1'
);
comment on function app_base.normal_city_name(text) is $$
The form in which names of communes are compared: unaccented lower-case words, one space apart.

St, Ste, S/, S/S and N.D. are written out, "lez" is "les", a moved article ("HAYE (LA)") comes back in front.
The empty string when nothing is left.

    select app_base.normal_city_name('ST ETIENNE'), app_base.normal_city_name('L''Haÿ-les-Roses');
    -- saint etienne, l hay les roses
$$;
grant execute on function app_base.normal_city_name(text) to app_visitor, app_analyst;

-- One index then answers for every spelling that differs by an article, a hyphen or a lost apostrophe.
create function app_base.city_name_key(normal_name text)
returns text
language sql
immutable
strict
parallel safe
return pg_catalog.replace(pg_catalog.regexp_replace($1, '^(les|le|la|l) ', ''), ' ', '');
comment on function app_base.city_name_key(text) is $$
A normal name (see normal_city_name) without its leading article and without spaces.

    select app_base.city_name_key('l hay les roses');  -- haylesroses
$$;
grant execute on function app_base.city_name_key(text) to app_visitor, app_analyst;

create table app_public.regions (
  code text collate "C" not null,
  name text not null,
  zone app_base.territory_zone not null,
  constraint regions_pkey primary key (code)
);
alter table app_public.regions enable row level security;

create table app_public.departments (
  code text collate "C" not null,
  name text not null,
  region_code text collate "C" not null,
  zone app_base.territory_zone not null,
  constraint departments_pkey primary key (code),
  constraint departments_region_code_fkey foreign key (region_code) references app_public.regions (code)
);
create index departments_region_code_idx on app_public.departments (region_code);
alter table app_public.departments enable row level security;

create table app_public.cities (
  insee_code text collate "C" not null,
  name text not null,
  kind app_base.city_kind not null,
  department_code text collate "C" not null,
  parent_insee_code text collate "C",
  population integer,
  normal_name text collate "C" not null generated always as (app_base.normal_city_name(name)) stored,
  name_key text collate "C" not null
    generated always as (app_base.city_name_key(app_base.normal_city_name(name))) stored,
  constraint cities_pkey primary key (insee_code),
  constraint cities_insee_code_well_formed check (insee_code ~ '^[0-9][0-9AB][0-9]{3}$'),
  constraint cities_department_code_fkey foreign key (department_code)
    references app_public.departments (code),
  constraint cities_parent_insee_code_fkey foreign key (parent_insee_code)
    references app_public.cities (insee_code),
  constraint cities_only_arrondissements_have_parent
    check ((kind = 'arrondissement') = (parent_insee_code is not null)),
  constraint cities_population_not_negative check (population >= 0)
);
create index cities_department_code_idx on app_public.cities (department_code, normal_name);
create index cities_parent_insee_code_idx on app_public.cities (parent_insee_code)
  where parent_insee_code is not null;
create index cities_name_key_idx on app_public.cities (name_key);
create index cities_normal_name_trgm_idx on app_public.cities
  using gist (normal_name extensions.gist_trgm_ops);
alter table app_public.cities enable row level security;

create table app_public.city_postal_codes (
  postal_code text collate "C" not null,
  insee_code text collate "C" not null,
  constraint city_postal_codes_pkey primary key (postal_code, insee_code),
  constraint city_postal_codes_postal_code_well_formed check (postal_code ~ '^[0-9]{5}$'),
  constraint city_postal_codes_insee_code_fkey foreign key (insee_code)
    references app_public.cities (insee_code) on delete cascade
);
create index city_postal_codes_insee_code_idx on app_public.city_postal_codes (insee_code);
alter table app_public.city_postal_codes enable row level security;

create table app_public.former_cities (
  former_insee_code text collate "C" not null,
  insee_code text collate "C" not null,
  kind app_base.former_city_kind not null,
  name text,
  normal_name text collate "C" generated always as (app_base.normal_city_name(name)) stored,
  name_key text collate "C"
    generated always as (app_base.city_name_key(app_base.normal_city_name(name))) stored,
  constraint former_cities_pkey primary key (former_insee_code),
  constraint former_cities_former_insee_code_well_formed
    check (former_insee_code ~ '^[0-9][0-9AB][0-9]{3}$'),
  constraint former_cities_insee_code_fkey foreign key (insee_code)
    references app_public.cities (insee_code) on delete cascade
);
create index former_cities_insee_code_idx on app_public.former_cities (insee_code);
create index former_cities_name_key_idx on app_public.former_cities (name_key) where name_key is not null;
alter table app_public.former_cities enable row level security;
