-- aside
-- name: message_insert
INSERT INTO message (id, party_kind, party, at, kind, case_id, item, facts, once) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: message_insert_once
INSERT INTO message (id, party_kind, party, at, kind, case_id, item, facts, once) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (party_kind, party, once) WHERE once IS NOT NULL DO NOTHING;

-- name: messages_of
SELECT id, party_kind, party, at, kind, case_id, item, facts, read_at FROM message
WHERE party_kind = $1 AND party = $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- name: messages_unread
SELECT id, party_kind, party, at, kind, case_id, item, facts, read_at FROM message
WHERE party_kind = $1 AND party = $2 AND read_at IS NULL ORDER BY id DESC LIMIT $3;

-- name: message_one
SELECT id, party_kind, party, at, kind, case_id, item, facts, read_at FROM message WHERE id = $1;

-- name: message_read
UPDATE message SET read_at = $2 WHERE id = $1 AND read_at IS NULL;

-- name: messages_forget
DELETE FROM message WHERE case_id = $1;

-- name: contacts_of
SELECT channel, address, confirmed_at, asked, code, code_until, tries, sent_on, sent FROM message_contact WHERE person = $1 ORDER BY channel;

-- name: contact_one
SELECT channel, address, confirmed_at, asked, code, code_until, tries, sent_on, sent FROM message_contact WHERE person = $1 AND channel = $2;

-- name: contact_ask
INSERT INTO message_contact (person, channel, address, confirmed_at, asked, code, code_until, tries, sent_on, sent)
VALUES ($1, $2, '', NULL, $3, $4, $5, 0, $6, $7)
ON CONFLICT (person, channel) DO UPDATE SET asked = excluded.asked, code = excluded.code, code_until = excluded.code_until, tries = 0,
  sent_on = excluded.sent_on, sent = excluded.sent;

-- name: contact_confirm
UPDATE message_contact SET address = asked, confirmed_at = $3, asked = '', code = NULL WHERE person = $1 AND channel = $2;

-- name: contact_wrong
UPDATE message_contact SET tries = tries + 1 WHERE person = $1 AND channel = $2;

-- name: contact_end
-- The row stays: it counts the codes of the day.
UPDATE message_contact SET address = '', confirmed_at = NULL, asked = '', code = NULL WHERE person = $1 AND channel = $2;

-- name: day_one
SELECT told_at FROM message_day WHERE day = $1;

-- name: day_insert
INSERT INTO message_day (day, told_at) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING;
