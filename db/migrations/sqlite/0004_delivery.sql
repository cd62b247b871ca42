-- Delivery by a queue manager: who has a message, what is known of its tries, and which relay cannot be reached.
-- Natural keys: relay(url)

ALTER TABLE outbox ADD COLUMN lease TEXT;       -- the manager that has it, while it is in sending
ALTER TABLE outbox ADD COLUMN leased_from TEXT; -- the state it was in before: what is given back returns there
ALTER TABLE outbox ADD COLUMN tried_since TEXT; -- instant of the first try: its lifetime counts from here
ALTER TABLE outbox ADD COLUMN deferrals INTEGER NOT NULL DEFAULT 0 CHECK (deferrals >= 0);
ALTER TABLE outbox ADD COLUMN unknowns INTEGER NOT NULL DEFAULT 0 CHECK (unknowns >= 0);

UPDATE outbox SET tried_since = (SELECT min(e.at) FROM outbox_event e WHERE e.outbox = outbox.id AND e.state = 'sending'),
  deferrals = CASE state WHEN 'deferred' THEN attempt ELSE 0 END, unknowns = CASE state WHEN 'unknown' THEN attempt ELSE 0 END
WHERE attempt > 0;

-- What is tried again, by its instant: of a million that wait for theirs none is looked at.
CREATE INDEX outbox_retry ON outbox (channel, coalesce(not_before, ''), id) WHERE state IN ('deferred', 'unknown');

-- How a relay is doing, for people and monitoring.
CREATE TABLE relay (
  url TEXT PRIMARY KEY,
  accepted_at TEXT,   -- when it last took a message
  failing_since TEXT, -- NULL: it was reached when it was last tried
  reply TEXT          -- its last words while it is failing
) STRICT, WITHOUT ROWID;
