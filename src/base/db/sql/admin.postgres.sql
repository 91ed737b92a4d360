-- name: tables
SELECT c.relname, pg_table_size(c.oid)
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r' AND c.relpersistence = 'p'
ORDER BY c.relname;

-- name: columns
SELECT a.attname
FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relname = CAST($1 AS text)
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attnum;

-- name: sequences
SELECT c.relname, a.attname, pg_sequence_last_value(d.objid)
FROM pg_catalog.pg_depend AS d
  JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
  JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE d.classid = CAST('pg_class' AS regclass) AND d.refclassid = CAST('pg_class' AS regclass)
  AND c.relnamespace = CAST(current_schema() AS regnamespace) AND pg_sequence_last_value(d.objid) IS NOT NULL
ORDER BY c.relname, a.attname;

-- name: foreign_keys
SELECT c.relname, f.relname, k.conname,
  (SELECT string_agg('c.' || quote_ident(a.attname) || ' = f.' || quote_ident(b.attname), ' AND ' ORDER BY p.position)
   FROM unnest(k.conkey, k.confkey) WITH ORDINALITY AS p (own, other, position)
     JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = p.own
     JOIN pg_catalog.pg_attribute AS b ON b.attrelid = f.oid AND b.attnum = p.other),
  (SELECT string_agg('c.' || quote_ident(a.attname) || ' IS NOT NULL', ' AND ')
   FROM unnest(k.conkey) AS own JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = own)
FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid
WHERE k.contype = 'f' AND c.relnamespace = CAST(current_schema() AS regnamespace)
ORDER BY c.relname, k.conname;

-- name: unsound
SELECT 'index ' || c.relname || ' is not valid'
FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND NOT i.indisvalid
UNION ALL
SELECT 'constraint ' || k.conname || ' was not checked'
FROM pg_catalog.pg_constraint AS k
WHERE k.connamespace = CAST(current_schema() AS regnamespace) AND NOT k.convalidated;
