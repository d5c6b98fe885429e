create function app_private.sight_count(text)
returns smallint
language sql
immutable
parallel safe
as $$
  select ('{
    "0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "10": 10, "11": 11,
    "12": 12, "13": 13, "14": 14, "15": 15, "16": 16, "17": 17, "18": 18, "19": 19, "20": 20, "T1": 1,
    "F1": 1, "1 pièce": 1, "1 chambre": 1, "1 p.": 1, "T2": 2, "F2": 2, "2 pièces": 2, "2 chambres": 2,
    "2 p.": 2, "T3": 3, "F3": 3, "3 pièces": 3, "3 chambres": 3, "3 p.": 3, "T4": 4, "F4": 4, "4 pièces": 4,
    "4 chambres": 4, "4 p.": 4, "T5": 5, "F5": 5, "5 pièces": 5, "5 chambres": 5, "5 p.": 5, "T6": 6,
    "F6": 6, "6 pièces": 6, "6 chambres": 6, "6 p.": 6, "T7": 7, "F7": 7, "7 pièces": 7, "7 chambres": 7,
    "7 p.": 7, "T8": 8, "F8": 8, "8 pièces": 8, "8 chambres": 8, "8 p.": 8, "T9": 9, "F9": 9, "9 pièces": 9,
    "9 chambres": 9, "9 p.": 9, "T10": 10, "F10": 10, "10 pièces": 10, "10 chambres": 10, "10 p.": 10
  }'::jsonb ->> $1)::smallint
$$;

comment on function app_private.sight_count(text) is $$
A number of rooms in one of its commonest forms (3, T3, 3 pièces); null otherwise: see read_count.

    select app_private.sight_count('T3');  -- 3
$$;
