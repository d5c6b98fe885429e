create type app_public.address_parts as (
  address text,
  street_number integer,
  street_suffix text,
  street_type text,
  street_name text,
  address_key text,
  postal_code text,
  city text
);
comment on type app_public.address_parts is 'A French address in its parts, and its normal form for matching.';
comment on column app_public.address_parts.address is 'The tidy form for display, without postal code and city.';
comment on column app_public.address_parts.street_number is 'The number; of a range the first.';
comment on column app_public.address_parts.street_suffix is
  'What follows the number: bis, ter, quater, a letter in lower case, the rest of a range (-14).';
comment on column app_public.address_parts.street_type is 'Rue, Avenue, Lieu-dit … written out; null when there is none.';
comment on column app_public.address_parts.street_name is 'The name without its type.';
comment on column app_public.address_parts.address_key is
  'The form for matching: number and street in lower-case unaccented words, abbreviations written out.';
comment on column app_public.address_parts.postal_code is 'The postal code found in the address.';
comment on column app_public.address_parts.city is 'The city found beside it.';
