import type pg from 'pg'
import { z } from 'zod'

/**
 * One search in both tongues: `query` with `variables` for GraphQL, `text` with `values` for SQL. Both ask for the
 * same rows under the same names.
 */
export type Search = {
  name: string
  query: string
  variables: Record<string, unknown>
  text: string
  values: unknown[]
}

const sample = z.object({
  commune: z.string(),
  department: z.string(),
  longitude: z.number(),
  latitude: z.number(),
  parcel: z.string(),
})

const fields = `id soldOn nature priceEur propertyType inseeCode streetNumber streetName
  builtSurfaceM2 roomCount landSurfaceM2 pricePerM2 longitude latitude`

const columns = `t.id, t.sold_on::text as "soldOn", t.nature, t.price_eur as "priceEur",
  t.property_type as "propertyType", t.insee_code as "inseeCode", t.street_number as "streetNumber",
  t.street_name as "streetName", t.built_surface_m2 as "builtSurfaceM2", t.room_count as "roomCount",
  t.land_surface_m2 as "landSurfaceM2", t.price_per_m2 as "pricePerM2", t.longitude, t.latitude`

/** The six searches of the bench, in the busiest commune of the ledger and its department. */
export async function searches(owner: pg.Client): Promise<Search[]> {
  const { rows } = await owner.query(`
    with busiest as (
      select t.insee_code, t.department_code
      from app_public.transactions as t
      where t.location is not null
      group by t.insee_code, t.department_code
      order by count(*) desc, t.insee_code
      limit 1
    )
    select t.insee_code as commune, t.department_code as department, t.longitude, t.latitude,
      t.parcel_ids[1] as parcel
    from app_public.transactions as t
    join busiest as b on b.insee_code = t.insee_code
    where t.location is not null
    order by t.id
    limit 1`)
  const { commune, department, longitude, latitude, parcel } = sample.parse(rows[0])
  const box = [longitude - 0.01, latitude - 0.007, longitude + 0.01, latitude + 0.007]
  const near = `app_public.distance_m($1, $2, t.longitude, t.latitude)`
  return [
    {
      name: 'commune',
      query: `query($commune: String!) {
        searchTransactions(commune: $commune, propertyTypes: [flat], first: 100) { nodes { ${fields} } }
      }`,
      variables: { commune },
      text: `select ${columns} from app_public.transactions as t
        where t.insee_code = $1 and t.property_type = 'flat' order by t.sold_on desc, t.id desc limit 100`,
      values: [commune],
    },
    {
      name: 'department',
      query: `query($department: String!) {
        searchTransactions(
          department: $department, soldFrom: "2021-01-01", soldTo: "2023-12-31", propertyTypes: [house],
          surfaceMinM2: 60, surfaceMaxM2: 160, roomsMin: 3, roomsMax: 6, first: 100
        ) { nodes { ${fields} } }
      }`,
      variables: { department },
      text: `select ${columns} from app_public.transactions as t
        where t.department_code = $1 and t.sold_on between '2021-01-01' and '2023-12-31'
          and t.property_type = 'house' and t.built_surface_m2 between 60 and 160 and t.room_count between 3 and 6
        order by t.sold_on desc, t.id desc limit 100`,
      values: [department],
    },
    {
      name: 'radius',
      query: `query($longitude: Float!, $latitude: Float!) {
        searchTransactions(
          nearLongitude: $longitude, nearLatitude: $latitude, radiusM: 300, orderBy: PRICE_EUR_DESC, first: 100
        ) { nodes { ${fields} } }
      }`,
      variables: { longitude, latitude },
      text: `select ${columns} from app_public.transactions as t
        where t.location <@ app_public.bounding_box($1, $2, 300) and ${near} <= 300 and t.price_eur is not null
        order by t.price_eur desc, t.id desc limit 100`,
      values: [longitude, latitude],
    },
    {
      name: 'box',
      query: `query($west: Float!, $south: Float!, $east: Float!, $north: Float!) {
        searchTransactions(
          west: $west, south: $south, east: $east, north: $north, priceMinEur: "100000", priceMaxEur: "300000",
          first: 100
        ) { nodes { ${fields} } }
      }`,
      variables: { west: box[0], south: box[1], east: box[2], north: box[3] },
      // Without the fence PostgreSQL takes the index on prices and reads a third of the ledger.
      text: `with t as materialized (
          select * from app_public.transactions as t where t.location <@ box(point($1, $2), point($3, $4))
        )
        select ${columns} from t where t.price_eur between 100000 and 300000
        order by t.sold_on desc, t.id desc limit 100`,
      values: box,
    },
    {
      name: 'parcel',
      query: `query($parcel: String!) { searchTransactions(parcel: $parcel) { nodes { ${fields} } } }`,
      variables: { parcel },
      text: `select ${columns} from app_public.transactions as t
        where t.parcel_ids @> array[$1] order by t.sold_on desc, t.id desc limit 100`,
      values: [parcel],
    },
    {
      name: 'nearest',
      query: `query($longitude: Float!, $latitude: Float!) {
        nearestTransactions(longitude: $longitude, latitude: $latitude, maximum: 100) { nodes { ${fields} } }
      }`,
      variables: { longitude, latitude },
      text: `select ${columns} from app_public.nearest_transactions($1, $2, 100) as t limit 100`,
      values: [longitude, latitude],
    },
  ]
}
