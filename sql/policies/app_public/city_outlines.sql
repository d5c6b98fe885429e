comment on table app_public.city_outlines is $$
Where cities lie: centre, bounding box and outline, in degrees (WGS 84), as the geographic service of the state draws them.

Asked for by city_refresh and by the first scrape of a city; a city nobody has asked for has no row.
$$;
comment on column app_public.city_outlines.insee_code is 'The commune or arrondissement.';
comment on column app_public.city_outlines.longitude is 'Longitude of its centre.';
comment on column app_public.city_outlines.latitude is 'Latitude of its centre.';
comment on column app_public.city_outlines.west is 'Western side of its bounding box; null when it is not known.';
comment on column app_public.city_outlines.south is 'Southern side of its bounding box.';
comment on column app_public.city_outlines.east is 'Eastern side of its bounding box.';
comment on column app_public.city_outlines.north is 'Northern side of its bounding box.';
comment on column app_public.city_outlines.outline is 'A GeoJSON Polygon or MultiPolygon; null when it is not known.';
comment on column app_public.city_outlines.source is 'Host of the service that was asked.';
comment on column app_public.city_outlines.fetched_at is 'When it was asked last.';

grant select on app_public.city_outlines to app_visitor, app_analyst;

create policy city_outlines_everyone_read on app_public.city_outlines
  for select to app_visitor, app_analyst using (true);
comment on policy city_outlines_everyone_read on app_public.city_outlines is
  'Reference data is public: every row, to both application roles.';
