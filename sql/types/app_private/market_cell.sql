-- The parent and the département stand beside the commune, so that a cell still names its groups when the last
-- sale of the commune is gone.

create type app_private.market_cell as (
  insee_code text,
  parent_insee_code text,
  department_code text,
  property_type app_base.property_type,
  nature app_base.mutation_nature,
  sold_month date
);
comment on type app_private.market_cell is
  'The finest group of market statistics; every coarser group it belongs to follows from it.';
comment on column app_private.market_cell.insee_code is 'INSEE code of the commune or arrondissement.';
comment on column app_private.market_cell.parent_insee_code is
  'INSEE code of the whole city; null outside Paris, Lyon, Marseille.';
comment on column app_private.market_cell.department_code is 'Code of the department.';
comment on column app_private.market_cell.property_type is 'What was sold.';
comment on column app_private.market_cell.nature is 'Kind of transfer.';
comment on column app_private.market_cell.sold_month is 'First day of the month of sale.';
