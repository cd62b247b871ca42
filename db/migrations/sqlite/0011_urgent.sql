-- A message that carries an urgent notice is leased before those that carry none.

ALTER TABLE outbox ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1));

UPDATE outbox SET urgent = 1 WHERE state IN ('pending', 'sending', 'deferred', 'unknown') AND id IN (SELECT x.outbox FROM outbox_notice x
  JOIN notice n ON n.id = x.notice WHERE n.kind IN ('security-advisory', 'stop-use-recommendation'));

-- Whoever puts the notice into the message: notice_kind_is_urgent.
CREATE TRIGGER outbox_notice_urgent AFTER INSERT ON outbox_notice
WHEN EXISTS (SELECT 1 FROM notice n WHERE n.id = NEW.notice AND n.kind IN ('security-advisory', 'stop-use-recommendation'))
BEGIN
  UPDATE outbox SET urgent = 1 WHERE id = NEW.outbox AND urgent = 0;
END;

DROP INDEX outbox_state;

CREATE INDEX outbox_state ON outbox (state, channel, urgent, due_on, id) WHERE state IN ('pending', 'sending', 'deferred', 'unknown');
