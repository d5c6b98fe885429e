-- A statement without `set`, so that it is inlined: it runs half a million times in an import.

create function app_private.quartile(sorted bigint[], quarter integer)
returns numeric
language sql
immutable
parallel safe
as $$
  select (
    sorted[quarter * (cardinality(sorted) - 1) / 4 + 1] * (4 - quarter * (cardinality(sorted) - 1) % 4)
    + coalesce(sorted[quarter * (cardinality(sorted) - 1) / 4 + 2], 0) * (quarter * (cardinality(sorted) - 1) % 4)
  )::numeric / 400
$$;

comment on function app_private.quartile(bigint[], integer) is $$
A quartile of sorted amounts in cents, in euros, not rounded.

`quarter` is 1, 2 (the median) or 3. Interpolates as percentile_cont does, in whole numbers, so that the result
depends neither on the order of arrival nor on floating point. Null for an empty array.

    select app_private.quartile('{100,200,300,400}', 2);  -- 2.50
$$;
