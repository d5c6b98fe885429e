create function app_private.month_number(day date)
returns integer
language sql
immutable
parallel safe
return (extract(year from day)::integer - 1900) * 12 + extract(month from day)::integer - 1;

comment on function app_private.month_number(date) is
  'Months since January 1900, so that ages and groups of months are whole numbers.';
