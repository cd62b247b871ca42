-- Channels without mail: what people print, post, hand over, fax, or have passed on by a distributor.
-- Natural keys: handover(outbox, in the order of id), handover(outbox, organization) of what was passed on

DROP TRIGGER outbox_event_update; -- it names outbox, which is made anew for its states
CREATE TABLE outbox_new (
  id INTEGER PRIMARY KEY,
  organization INTEGER NOT NULL REFERENCES organization, -- whose contact it is addressed through
  contact INTEGER REFERENCES contact,
  channel TEXT NOT NULL CHECK (channel = 'mail' OR channel = 'webhook' OR channel = 'letter' OR channel = 'fax'
    OR channel = 'hand' OR channel = 'relay'),
  due_on TEXT NOT NULL CHECK (length(due_on) = 10 AND due_on > '0001' AND due_on IS date(due_on, '+0 days')),
  message_id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state = 'pending' OR state = 'sending' OR state = 'accepted' OR state = 'deferred'
    OR state = 'failed' OR state = 'unknown' OR state = 'bounced' OR state = 'printed' OR state = 'sent' OR state = 'handed'
    OR state = 'returned' OR state = 'superseded'),
  attempt INTEGER NOT NULL DEFAULT 0,
  not_before TEXT,
  created_at TEXT NOT NULL,
  lease TEXT,       -- the manager that has it, while it is in sending
  leased_from TEXT, -- the state it was in before: what is given back returns there
  tried_since TEXT, -- instant of the first try: its lifetime counts from here
  deferrals INTEGER NOT NULL DEFAULT 0 CHECK (deferrals >= 0),
  unknowns INTEGER NOT NULL DEFAULT 0 CHECK (unknowns >= 0)
) STRICT;
INSERT INTO outbox_new (id, organization, contact, channel, due_on, message_id, state, attempt, not_before, created_at, lease,
  leased_from, tried_since, deferrals, unknowns)
SELECT id, organization, contact, channel, due_on, message_id, state, attempt, not_before, created_at, lease, leased_from,
  tried_since, deferrals, unknowns FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE UNIQUE INDEX outbox_waiting ON outbox (contact, channel, due_on) WHERE state = 'pending' AND attempt = 0 AND contact IS NOT NULL;
CREATE UNIQUE INDEX outbox_waiting_letter ON outbox (organization, due_on) WHERE state = 'pending' AND attempt = 0 AND contact IS NULL;
CREATE INDEX outbox_state ON outbox (state, channel, due_on, id) WHERE state IN ('pending', 'sending', 'deferred', 'unknown');
CREATE INDEX outbox_retry ON outbox (channel, coalesce(not_before, ''), id) WHERE state IN ('deferred', 'unknown');
CREATE TRIGGER outbox_event_update BEFORE UPDATE ON outbox_event
WHEN NOT (NEW.id = OLD.id AND NEW.outbox = OLD.outbox AND NEW.at = OLD.at AND NEW.day = OLD.day AND NEW.attempt = OLD.attempt
  AND NEW.state = OLD.state AND NEW.detail IS NULL
  AND EXISTS (SELECT 1 FROM outbox x JOIN contact c ON c.id = x.contact WHERE x.id = OLD.outbox AND c.erased_on IS NOT NULL))
BEGIN
  SELECT RAISE(ABORT, 'outbox events never change');
END;

-- What somebody did with a message, or told us that they did.
CREATE TABLE handover (
  id INTEGER PRIMARY KEY,
  outbox INTEGER NOT NULL REFERENCES outbox,
  step TEXT NOT NULL CHECK (step IN ('sent', 'returned', 'handed', 'relayed')),
  organization INTEGER REFERENCES organization CHECK ((organization IS NOT NULL) = (step = 'relayed')), -- to which customer
  how TEXT NOT NULL CHECK (how IN ('post', 'hand', 'fax', 'mail', 'phone', 'other')),
  day TEXT NOT NULL CHECK (length(day) = 10 AND day > '0001' AND day IS date(day, '+0 days')),
  by TEXT,       -- who did it, where that is not who recorded it
  person TEXT,   -- into whose hands
  tracking TEXT, -- the post's number
  note TEXT,     -- why it came back; what else there is to know
  recorded_by TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX handover_outbox ON handover (outbox, organization);
CREATE UNIQUE INDEX handover_relayed ON handover (outbox, organization) WHERE step = 'relayed';
CREATE INDEX handover_organization ON handover (organization) WHERE organization IS NOT NULL;
