create function app_private.sight_floor(text)
returns smallint
language sql
immutable
parallel safe
as $$
  select ('{
    "-1": -1, "0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "10": 10,
    "11": 11, "12": 12, "13": 13, "14": 14, "15": 15, "16": 16, "17": 17, "18": 18, "19": 19, "20": 20,
    "RDC": 0, "rdc": 0, "Rez-de-chaussée": 0, "rez-de-chaussée": 0, "1er": 1, "1er étage": 1, "2e": 2,
    "2e étage": 2, "2ème étage": 2, "3e": 3, "3e étage": 3, "3ème étage": 3, "4e": 4, "4e étage": 4,
    "4ème étage": 4, "5e": 5, "5e étage": 5, "5ème étage": 5, "6e": 6, "6e étage": 6, "6ème étage": 6,
    "7e": 7, "7e étage": 7, "7ème étage": 7, "8e": 8, "8e étage": 8, "8ème étage": 8, "9e": 9, "9e étage": 9,
    "9ème étage": 9, "10e": 10, "10e étage": 10, "10ème étage": 10, "11e": 11, "11e étage": 11,
    "11ème étage": 11, "12e": 12, "12e étage": 12, "12ème étage": 12, "13e": 13, "13e étage": 13,
    "13ème étage": 13, "14e": 14, "14e étage": 14, "14ème étage": 14, "15e": 15, "15e étage": 15,
    "15ème étage": 15, "16e": 16, "16e étage": 16, "16ème étage": 16, "17e": 17, "17e étage": 17,
    "17ème étage": 17, "18e": 18, "18e étage": 18, "18ème étage": 18, "19e": 19, "19e étage": 19,
    "19ème étage": 19, "20e": 20, "20e étage": 20, "20ème étage": 20
  }'::jsonb ->> $1)::smallint
$$;

comment on function app_private.sight_floor(text) is $$
A floor in one of its commonest forms (2, 2e étage, RDC); null otherwise: see read_floor.

    select app_private.sight_floor('1er étage');  -- 1
$$;
