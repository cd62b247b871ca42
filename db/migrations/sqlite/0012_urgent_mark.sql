-- The urgent mark is set by whoever puts notices into messages, once a notice (db/outbox_urgent.h): a trigger asked it of each row.
-- Messages that are over get it too: the mark is what they carry, whatever became of them.

DROP TRIGGER IF EXISTS outbox_notice_urgent;

UPDATE outbox SET urgent = 1 WHERE urgent = 0 AND id IN (SELECT x.outbox FROM outbox_notice x
  JOIN notice n ON n.id = x.notice WHERE n.kind IN ('security-advisory', 'stop-use-recommendation'));
UPDATE outbox SET urgent = 0 WHERE urgent = 1 AND id NOT IN (SELECT x.outbox FROM outbox_notice x
  JOIN notice n ON n.id = x.notice WHERE n.kind IN ('security-advisory', 'stop-use-recommendation'));

-- Through whom an organization is reached is read from this index alone.
DROP INDEX IF EXISTS contact_order;

CREATE INDEX contact_order ON contact (organization, escalation_order, id, channel, email, valid_from, valid_to, webhook);
