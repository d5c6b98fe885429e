comment on table app_public.department_boxes is $$
Where each department lies, as a box in degrees (WGS 84): the centres of its communes with a margin of about 10 km.

Wide enough for any home of the department, and therefore also for some of its neighbours'. Derived from the coordinates
of the communes in La Poste's "base officielle des codes postaux", merged by every deploy.
$$;
comment on column app_public.department_boxes.department_code is 'Code of the department.';
comment on column app_public.department_boxes.west is 'Westernmost longitude.';
comment on column app_public.department_boxes.south is 'Southernmost latitude.';
comment on column app_public.department_boxes.east is 'Easternmost longitude.';
comment on column app_public.department_boxes.north is 'Northernmost latitude.';

grant select on app_public.department_boxes to app_visitor, app_analyst, app_rule;

create policy department_boxes_everyone_read on app_public.department_boxes
  for select to app_visitor, app_analyst, app_rule using (true);
comment on policy department_boxes_everyone_read on app_public.department_boxes is 'Geography is nobody''s secret.';
