-- SPDX-License-Identifier: Apache-2.0
-- Who gave each admin's account its password last, and when, as the journal says: "<by> <ms UTC>".
INSERT INTO site_fact (key, value)
SELECT 'admin.' || user, actor || ' ' || utc
FROM (SELECT number, actor, utc, json_extract(CAST(leaf AS TEXT), '$.d.user') AS user
      FROM entry WHERE type IN ('user_added', 'user_password_set')) given
WHERE number = (SELECT max(number) FROM entry e WHERE e.type IN ('user_added', 'user_password_set')
                AND json_extract(CAST(e.leaf AS TEXT), '$.d.user') = given.user)
AND EXISTS (SELECT 1 FROM entry e WHERE e.type = 'user_added' AND json_extract(CAST(e.leaf AS TEXT), '$.d.user') = given.user
            AND json_extract(CAST(e.leaf AS TEXT), '$.d.role') = 'admin');
