-- Advisories: notices that a person writes (security advisory, stop-use recommendation, component notice), with revisions and two people as plans have
-- them; a notice is of a plan or of an advisory.
-- Natural keys: advisory(number, revision) advisory_release(advisory, release) advisory_event(advisory, in the order of id)
-- notice(kind, plan, due_on, lead_months, budget_month, extended_eos) of a plan, notice(advisory, kind) of an advisory

CREATE TABLE advisory (
  id INTEGER PRIMARY KEY,
  serial INTEGER NOT NULL CHECK (serial > 0), -- what number was made from, the same for all its revisions
  number TEXT NOT NULL CHECK (length(trim(number)) > 0), -- in the maker's series, as customers quote it
  revision INTEGER NOT NULL CHECK (revision > 0),
  kind TEXT NOT NULL CHECK (kind IN ('component-notice', 'security-advisory', 'stop-use-recommendation')),
  state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'published', 'superseded', 'withdrawn')),
  market TEXT NOT NULL DEFAULT '*', -- a country, or all
  title_ja TEXT NOT NULL CHECK (length(trim(title_ja)) > 0),
  title_en TEXT,
  action_ja TEXT, -- what to do, in a sentence or two: urgent letters begin with it
  action_en TEXT,
  body_ja TEXT NOT NULL CHECK (length(trim(body_ja)) > 0), -- Markdown
  body_en TEXT,
  csaf_url TEXT,
  csaf_reference TEXT,
  component TEXT CHECK (component IS NOT NULL OR kind <> 'component-notice'),
  supplier TEXT,
  component_eol TEXT CHECK (component_eol IS NULL OR component_eol = 'tba'
    OR (length(component_eol) = 10 AND component_eol > '0001' AND component_eol IS date(component_eol, '+0 days'))),
  component_eos TEXT CHECK (component_eos IS NULL OR component_eos = 'tba'
    OR (length(component_eos) = 10 AND component_eos > '0001' AND component_eos IS date(component_eos, '+0 days'))),
  stage TEXT CHECK (stage IS NULL OR stage IN ('support', 'limited-support', 'end-of-support')), -- of the device, that results
  reason TEXT, -- why this revision
  author TEXT NOT NULL,
  created_at TEXT NOT NULL,
  approved_by TEXT,
  approved_on TEXT CHECK (approved_on IS NULL OR (length(approved_on) = 10 AND approved_on > '0001' AND approved_on IS date(approved_on, '+0 days'))),
  published_by TEXT,
  published_on TEXT CHECK (published_on IS NULL OR (length(published_on) = 10 AND published_on > '0001' AND published_on IS date(published_on, '+0 days'))),
  published_at TEXT,
  withdrawn_by TEXT,
  withdrawn_on TEXT CHECK (withdrawn_on IS NULL OR (length(withdrawn_on) = 10 AND withdrawn_on > '0001' AND withdrawn_on IS date(withdrawn_on, '+0 days'))),
  withdrawn_at TEXT,
  withdrawn_reason TEXT,
  UNIQUE (number, revision),
  UNIQUE (serial, revision),
  CONSTRAINT "published on a day" CHECK (state NOT IN ('published', 'superseded') OR published_on IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX advisory_published ON advisory (serial) WHERE state = 'published';
CREATE UNIQUE INDEX advisory_open ON advisory (serial) WHERE state IN ('draft', 'approved');

-- The releases that it is about.
CREATE TABLE advisory_release (
  advisory INTEGER NOT NULL REFERENCES advisory,
  release INTEGER NOT NULL REFERENCES release,
  PRIMARY KEY (advisory, release)
) STRICT, WITHOUT ROWID;
CREATE INDEX advisory_release_release ON advisory_release (release, advisory);

-- What happened to it, by whom: who wrote it cannot approve it, and an approval holds only for the content it was given to.
CREATE TABLE advisory_event (
  id INTEGER PRIMARY KEY,
  advisory INTEGER NOT NULL REFERENCES advisory,
  event TEXT NOT NULL CHECK (event IN ('set', 'approve', 'publish', 'withdraw')),
  content BLOB NOT NULL CHECK (length(content) = 32), -- BLAKE2b-256 of what it was about
  by TEXT NOT NULL,                                   -- user.name; without users whatever --by said
  "user" INTEGER REFERENCES "user",
  role TEXT,                                          -- in which an approval or a withdrawal was given
  reason TEXT,
  day TEXT NOT NULL CHECK (length(day) = 10 AND day > '0001' AND day IS date(day, '+0 days')),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX advisory_event_advisory ON advisory_event (advisory, id);

CREATE TRIGGER advisory_event_insert BEFORE INSERT ON advisory_event
WHEN EXISTS (SELECT 1 FROM advisory_event e WHERE e.id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'advisory events are never replaced');
END;
-- What was decided is decided: nobody becomes an author, or an approver, of it afterwards.
CREATE TRIGGER advisory_event_late BEFORE INSERT ON advisory_event
WHEN NEW.event IN ('set', 'approve') AND NOT EXISTS (SELECT 1 FROM advisory a WHERE a.id = NEW.advisory AND a.state = 'draft')
BEGIN
  SELECT RAISE(ABORT, 'an advisory that was approved or published has its history: change the draft, or make a new revision');
END;
CREATE TRIGGER advisory_event_author BEFORE INSERT ON advisory_event
WHEN NEW.event = 'approve' AND EXISTS (
  SELECT 1 FROM advisory_event w WHERE w.advisory = NEW.advisory AND w.event = 'set' AND w."user" = NEW."user")
BEGIN
  SELECT RAISE(ABORT, 'an advisory is approved by somebody who did not write it');
END;
CREATE TRIGGER advisory_event_update BEFORE UPDATE ON advisory_event
BEGIN
  SELECT RAISE(ABORT, 'advisory events never change');
END;
CREATE TRIGGER advisory_event_delete BEFORE DELETE ON advisory_event
BEGIN
  SELECT RAISE(ABORT, 'advisory events are never removed');
END;

-- Whatever program writes it: it begins as a draft, is approved by somebody else, and what was approved or published stays as it is.
CREATE TRIGGER advisory_insert BEFORE INSERT ON advisory
WHEN NEW.state <> 'draft' OR EXISTS (SELECT 1 FROM advisory a WHERE a.id = NEW.id OR ((a.serial = NEW.serial OR a.number = NEW.number)
  AND (a.revision = NEW.revision OR a.state IN ('draft', 'approved'))))
BEGIN
  SELECT RAISE(ABORT, 'an advisory begins as a draft, and none is ever replaced');
END;
CREATE TRIGGER advisory_delete BEFORE DELETE ON advisory
BEGIN
  SELECT RAISE(ABORT, 'an advisory is never removed: withdraw it');
END;
CREATE TRIGGER advisory_identity BEFORE UPDATE ON advisory
WHEN NOT (NEW.id = OLD.id AND NEW.serial = OLD.serial AND NEW.number = OLD.number AND NEW.revision = OLD.revision AND NEW.kind = OLD.kind)
  OR EXISTS (SELECT 1 FROM advisory a WHERE a.serial = NEW.serial AND a.id <> OLD.id
    AND ((a.state = 'published' AND NEW.state = 'published') OR (a.state IN ('draft', 'approved') AND NEW.state IN ('draft', 'approved'))))
BEGIN
  SELECT RAISE(ABORT, 'an advisory stays what it is: draft the next revision');
END;
CREATE TRIGGER advisory_approved BEFORE UPDATE OF state ON advisory
WHEN NEW.state = 'approved' AND OLD.state <> 'approved' AND (OLD.state <> 'draft' OR NOT EXISTS (
  SELECT 1 FROM advisory_event e WHERE e.id = (SELECT max(l.id) FROM advisory_event l WHERE l.advisory = NEW.id)
    AND e.event = 'approve' AND EXISTS (SELECT 1 FROM "user" u WHERE u.id = e."user")
    AND NOT EXISTS (SELECT 1 FROM advisory_event w WHERE w.advisory = NEW.id AND w.event = 'set' AND w."user" = e."user")))
BEGIN
  SELECT RAISE(ABORT, 'an advisory is approved by somebody who did not write it');
END;
CREATE TRIGGER advisory_published_update BEFORE UPDATE OF state ON advisory
WHEN (NEW.state = 'published' AND OLD.state NOT IN ('approved', 'published') AND (OLD.state <> 'draft' OR EXISTS (SELECT 1 FROM "user")))
  OR (NEW.state = 'superseded' AND OLD.state NOT IN ('published', 'superseded'))
BEGIN
  SELECT RAISE(ABORT, 'an advisory is approved before it is published');
END;
-- Approved: only its state moves, unless it is a draft again. Published: that, or its withdrawal.
CREATE TRIGGER advisory_update BEFORE UPDATE ON advisory
WHEN OLD.state <> 'draft' AND NOT (OLD.state = 'approved' AND NEW.state = 'draft') AND NOT (
  (NEW.state = OLD.state OR (OLD.state = 'approved' AND NEW.state IN ('published', 'withdrawn'))
    OR (OLD.state = 'published' AND NEW.state IN ('superseded', 'withdrawn')))
  AND NEW.market = OLD.market AND NEW.title_ja = OLD.title_ja AND NEW.title_en IS OLD.title_en
  AND NEW.action_ja IS OLD.action_ja AND NEW.action_en IS OLD.action_en AND NEW.body_ja = OLD.body_ja AND NEW.body_en IS OLD.body_en
  AND NEW.csaf_url IS OLD.csaf_url AND NEW.csaf_reference IS OLD.csaf_reference AND NEW.component IS OLD.component
  AND NEW.supplier IS OLD.supplier AND NEW.component_eol IS OLD.component_eol AND NEW.component_eos IS OLD.component_eos
  AND NEW.stage IS OLD.stage AND NEW.reason IS OLD.reason AND NEW.author = OLD.author AND NEW.created_at = OLD.created_at
  AND NEW.approved_by IS OLD.approved_by AND NEW.approved_on IS OLD.approved_on
  AND (OLD.state = 'approved' OR (NEW.published_by IS OLD.published_by AND NEW.published_on IS OLD.published_on AND NEW.published_at IS OLD.published_at))
  AND ((OLD.state <> 'withdrawn' AND NEW.state = 'withdrawn')
    OR (NEW.withdrawn_on IS OLD.withdrawn_on AND NEW.withdrawn_at IS OLD.withdrawn_at AND NEW.withdrawn_by IS OLD.withdrawn_by
      AND NEW.withdrawn_reason IS OLD.withdrawn_reason)))
BEGIN
  SELECT RAISE(ABORT, 'an approved advisory changes only by being a draft again, a published one never: draft the next revision');
END;

CREATE TRIGGER advisory_release_insert BEFORE INSERT ON advisory_release
WHEN NOT EXISTS (SELECT 1 FROM advisory a WHERE a.id = NEW.advisory AND a.state = 'draft')
BEGIN
  SELECT RAISE(ABORT, 'what an approved or published advisory is about never changes: draft the next revision');
END;
CREATE TRIGGER advisory_release_update BEFORE UPDATE ON advisory_release
BEGIN
  SELECT RAISE(ABORT, 'what an advisory is about is taken off and put on, never changed');
END;
CREATE TRIGGER advisory_release_delete BEFORE DELETE ON advisory_release
WHEN EXISTS (SELECT 1 FROM advisory a WHERE a.id = OLD.advisory AND a.state <> 'draft')
BEGIN
  SELECT RAISE(ABORT, 'what an approved or published advisory is about never changes: draft the next revision');
END;

-- A notice is of a plan or of an advisory.
CREATE TABLE notice_new (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('plan-announcement', 'plan-change', 'eol-reminder', 'limited-support-begins', 'eos-reminder',
    'eos-reached', 'component-notice', 'security-advisory', 'stop-use-recommendation', 'withdrawal')),
  plan INTEGER REFERENCES support_plan,
  advisory INTEGER REFERENCES advisory CHECK ((advisory IS NULL) <> (plan IS NULL)),
  due_on TEXT NOT NULL CHECK (length(due_on) = 10 AND due_on > '0001' AND due_on IS date(due_on, '+0 days')),
  lead_months INTEGER NOT NULL DEFAULT 0,
  budget_month INTEGER NOT NULL DEFAULT 0,
  extended_eos TEXT NOT NULL DEFAULT '' CHECK (extended_eos = '' OR (kind IN ('eos-reminder', 'eos-reached') AND length(extended_eos) = 10
    AND extended_eos > '0001' AND extended_eos IS date(extended_eos, '+0 days'))), -- '': the plan's own
  created_at TEXT NOT NULL,
  UNIQUE (kind, plan, due_on, lead_months, budget_month, extended_eos),
  CONSTRAINT "of an advisory where a person writes it" CHECK (kind = 'withdrawal'
    OR (advisory IS NOT NULL) = (kind IN ('component-notice', 'security-advisory', 'stop-use-recommendation')))
) STRICT;
INSERT INTO notice_new (id, kind, plan, due_on, lead_months, budget_month, extended_eos, created_at)
SELECT id, kind, plan, due_on, lead_months, budget_month, extended_eos, created_at FROM notice;
DROP TABLE notice;
ALTER TABLE notice_new RENAME TO notice;
CREATE INDEX notice_plan ON notice (plan, kind);
CREATE UNIQUE INDEX notice_advisory ON notice (advisory, kind) WHERE advisory IS NOT NULL;
