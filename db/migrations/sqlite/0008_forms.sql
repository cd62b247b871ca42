-- What customers enter on their pages: what they decide about what reaches its end, and what is wrong in the
-- installed base and among their contacts.

CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  organization INTEGER NOT NULL REFERENCES organization,
  release INTEGER NOT NULL REFERENCES release,
  device INTEGER REFERENCES device, -- NULL: all that the organization has of the release
  kind TEXT NOT NULL CHECK (kind IN ('replace', 'isolate', 'continue')),
  replace_by TEXT CHECK ((kind = 'replace') = (replace_by IS NOT NULL)
    AND (replace_by IS NULL OR (length(replace_by) = 10 AND replace_by > '0001' AND replace_by IS date(replace_by, '+0 days')))),
  controls TEXT CHECK (kind <> 'continue' OR length(trim(coalesce(controls, ''))) > 0),
  person TEXT NOT NULL, -- who decided there
  title TEXT,
  day TEXT NOT NULL CHECK (length(day) = 10 AND day > '0001' AND day IS date(day, '+0 days')),
  at TEXT NOT NULL
) STRICT;

CREATE INDEX decision_scope ON decision (organization, release, device);

CREATE TRIGGER decision_insert BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'a decision is never replaced: the next one stands after it');
END;

-- Who is erased is taken out of it.
CREATE TRIGGER decision_update BEFORE UPDATE ON decision
WHEN NOT (NEW.id = OLD.id AND NEW.organization = OLD.organization AND NEW.release = OLD.release AND NEW.device IS OLD.device
  AND NEW.kind = OLD.kind AND NEW.replace_by IS OLD.replace_by AND NEW.day = OLD.day AND NEW.at = OLD.at)
BEGIN
  SELECT RAISE(ABORT, 'a decision never changes: the next one stands after it');
END;

CREATE TRIGGER decision_delete BEFORE DELETE ON decision
BEGIN
  SELECT RAISE(ABORT, 'a decision is never removed');
END;

CREATE TABLE correction (
  id INTEGER PRIMARY KEY,
  organization INTEGER NOT NULL REFERENCES organization, -- who says it
  kind TEXT NOT NULL CHECK (kind IN ('removed', 'moved', 'handed-on', 'number', 'contact-new', 'contact-left', 'contact-changed')),
  device INTEGER REFERENCES device CHECK ((device IS NOT NULL) = (kind IN ('removed', 'moved', 'handed-on', 'number'))),
  contact INTEGER REFERENCES contact CHECK ((contact IS NOT NULL) = (kind IN ('contact-left', 'contact-changed'))),
  person TEXT NOT NULL,
  note TEXT,
  day TEXT NOT NULL CHECK (length(day) = 10 AND day > '0001' AND day IS date(day, '+0 days')),
  at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'rejected')),
  decided_by TEXT CHECK ((decided_by IS NULL) = (state = 'waiting')),
  decided_on TEXT CHECK ((decided_on IS NULL) = (state = 'waiting')
    AND (decided_on IS NULL OR (length(decided_on) = 10 AND decided_on > '0001' AND decided_on IS date(decided_on, '+0 days')))),
  decided_at TEXT CHECK ((decided_at IS NULL) = (state = 'waiting')),
  reason TEXT CHECK (state <> 'rejected' OR length(trim(coalesce(reason, ''))) > 0)
) STRICT;

CREATE INDEX correction_organization ON correction (organization);

CREATE INDEX correction_waiting ON correction (state) WHERE state = 'waiting';

CREATE TABLE correction_field (
  correction INTEGER NOT NULL REFERENCES correction,
  field TEXT NOT NULL, -- by its name in the import files
  was TEXT,            -- in the store, when it was sent
  said TEXT,           -- as it should be
  PRIMARY KEY (correction, field)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER correction_insert BEFORE INSERT ON correction
WHEN EXISTS (SELECT 1 FROM correction c WHERE c.id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'a correction is never replaced');
END;

CREATE TRIGGER correction_update BEFORE UPDATE ON correction
WHEN NOT (NEW.id = OLD.id AND NEW.organization = OLD.organization AND NEW.kind = OLD.kind AND NEW.device IS OLD.device
  AND NEW.contact IS OLD.contact AND NEW.day = OLD.day AND NEW.at = OLD.at
  AND (OLD.state = 'waiting' OR (NEW.state = OLD.state AND NEW.decided_by = OLD.decided_by AND NEW.decided_on = OLD.decided_on
       AND NEW.decided_at = OLD.decided_at)))
BEGIN
  SELECT RAISE(ABORT, 'a correction is approved or rejected once, and never changes otherwise');
END;

CREATE TRIGGER correction_delete BEFORE DELETE ON correction
BEGIN
  SELECT RAISE(ABORT, 'a correction is never removed');
END;
