-- Governed plans: people with roles, approval by another one, presentations, extensions, and the data behind the rules.
-- Natural keys: user(name) user_role(user, role) plan_event(plan, in the order of id) presentation(plan, organization, how, day) extension(organization, release, device or none) where until is not null
-- holding_pair(organization, role, hardware, software) notice(kind, plan, due_on, lead_months, budget_month, extended_eos) assessment(release, day)

-- The maker's own people. Quoted, because the word is reserved in PostgreSQL.
CREATE TABLE "user" (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (length(trim(name)) > 0), -- what --as takes and the trail says
  full_name TEXT NOT NULL CHECK (length(trim(full_name)) > 0), -- as letters name who approved
  password TEXT, -- Argon2id, as libsodium writes it; NULL: known by the operating system's user alone
  created_at TEXT NOT NULL,
  disabled_at TEXT
) STRICT;

CREATE TABLE user_role (
  "user" INTEGER NOT NULL REFERENCES "user",
  role TEXT NOT NULL CHECK (role IN ('planner', 'approver', 'viewer', 'admin', 'safety_officer', 'quality', 'general_manager')),
  PRIMARY KEY ("user", role)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER user_insert BEFORE INSERT ON "user"
WHEN EXISTS (SELECT 1 FROM "user" u WHERE u.id = NEW.id OR u.name = NEW.name)
BEGIN
  SELECT RAISE(ABORT, 'a user is never replaced');
END;
CREATE TRIGGER user_update BEFORE UPDATE ON "user"
WHEN NOT (NEW.id = OLD.id AND NEW.name = OLD.name AND NEW.created_at = OLD.created_at)
BEGIN
  SELECT RAISE(ABORT, 'a user keeps the name that the audit trail knows');
END;
CREATE TRIGGER user_delete BEFORE DELETE ON "user"
BEGIN
  SELECT RAISE(ABORT, 'a user is never removed, the audit trail names them: disable it');
END;

ALTER TABLE support_plan ADD COLUMN successor TEXT;
ALTER TABLE support_plan ADD COLUMN limited_support_rationale TEXT; -- why EOL = EOS, or whatever the plan rests on
ALTER TABLE support_plan ADD COLUMN limited_support_url TEXT;       -- where customers read the plan itself
ALTER TABLE support_plan ADD COLUMN approved_by TEXT;               -- full name; NULL: published while the store had no users
ALTER TABLE support_plan ADD COLUMN approved_on TEXT CHECK (approved_on IS NULL OR (length(approved_on) = 10 AND approved_on > '0001' AND approved_on IS date(approved_on, '+0 days')));
ALTER TABLE support_plan ADD COLUMN withdrawn_by TEXT;
ALTER TABLE support_plan ADD COLUMN withdrawn_reason TEXT;

-- What happened to a revision, by whom: who wrote it cannot approve it, and an approval or override holds only for the content it was given to.
CREATE TABLE plan_event (
  id INTEGER PRIMARY KEY,
  plan INTEGER NOT NULL REFERENCES support_plan ON DELETE CASCADE,
  event TEXT NOT NULL CHECK (event IN ('set', 'submit', 'approve', 'reject', 'override', 'publish', 'withdraw')),
  rule TEXT CHECK ((rule IS NOT NULL) = (event = 'override')), -- as Rule.id
  content BLOB NOT NULL CHECK (length(content) = 32),          -- BLAKE2b-256 of what it was about
  by TEXT NOT NULL,                                            -- user.name; without users whatever --by said
  "user" INTEGER REFERENCES "user",
  role TEXT,                                                   -- in which an approval, a rejection or an override was given
  reason TEXT,
  day TEXT NOT NULL CHECK (length(day) = 10 AND day > '0001' AND day IS date(day, '+0 days')),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX plan_event_plan ON plan_event (plan, id);

CREATE TRIGGER plan_event_insert BEFORE INSERT ON plan_event
WHEN EXISTS (SELECT 1 FROM plan_event e WHERE e.id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'plan events are never replaced');
END;
-- What was decided is decided: nobody becomes an author, or an approver, of it afterwards.
CREATE TRIGGER plan_event_late BEFORE INSERT ON plan_event
WHEN EXISTS (SELECT 1 FROM support_plan p WHERE p.id = NEW.plan AND (
  (NEW.event IN ('set', 'submit') AND p.state NOT IN ('draft', 'submitted'))
  OR (NEW.event IN ('approve', 'reject', 'override') AND p.state NOT IN ('draft', 'submitted', 'approved'))))
BEGIN
  SELECT RAISE(ABORT, 'a support plan that was approved or published has its history: make a new revision');
END;
CREATE TRIGGER plan_event_update BEFORE UPDATE ON plan_event
BEGIN
  SELECT RAISE(ABORT, 'plan events never change');
END;
CREATE TRIGGER plan_event_delete BEFORE DELETE ON plan_event
WHEN EXISTS (SELECT 1 FROM support_plan p WHERE p.id = OLD.plan)
BEGIN
  SELECT RAISE(ABORT, 'plan events are never removed');
END;

-- Two people, whatever program writes it: approved by somebody who wrote nothing of it, as what happened to it last; what was
-- approved stays as it is until it is published or a draft again; published only when approved.
CREATE TRIGGER plan_event_author BEFORE INSERT ON plan_event
WHEN NEW.event IN ('approve', 'override') AND EXISTS (
  SELECT 1 FROM plan_event w WHERE w.plan = NEW.plan AND w.event IN ('set', 'submit') AND w."user" = NEW."user")
BEGIN
  SELECT RAISE(ABORT, 'a support plan is approved, and let past a rule, by somebody who did not write it');
END;
CREATE TRIGGER support_plan_approved BEFORE UPDATE OF state ON support_plan
WHEN NEW.state = 'approved' AND OLD.state <> 'approved' AND NOT EXISTS (
  SELECT 1 FROM plan_event e WHERE e.id = (SELECT max(l.id) FROM plan_event l WHERE l.plan = NEW.id)
    AND e.event = 'approve' AND EXISTS (SELECT 1 FROM "user" u WHERE u.id = e."user")
    AND NOT EXISTS (SELECT 1 FROM plan_event w WHERE w.plan = NEW.id AND w.event IN ('set', 'submit') AND w."user" = e."user"))
BEGIN
  SELECT RAISE(ABORT, 'a support plan is approved by somebody who did not write it');
END;
CREATE TRIGGER support_plan_approved_update BEFORE UPDATE ON support_plan
WHEN OLD.state = 'approved' AND NEW.state NOT IN ('draft', 'submitted') AND NOT (
  NEW.id = OLD.id AND NEW.release = OLD.release AND NEW.market = OLD.market AND NEW.revision = OLD.revision
  AND NEW.general_availability IS OLD.general_availability AND NEW.end_of_sale IS OLD.end_of_sale
  AND NEW.security_support_end IS OLD.security_support_end AND NEW.eol IS OLD.eol AND NEW.eos IS OLD.eos
  AND NEW.parts_until IS OLD.parts_until AND NEW.repair_until IS OLD.repair_until
  AND NEW.limited_support_doc IS OLD.limited_support_doc AND NEW.limited_support_duties IS OLD.limited_support_duties
  AND NEW.limited_support_duties_en IS OLD.limited_support_duties_en AND NEW.announced_on IS OLD.announced_on
  AND NEW.presented_on IS OLD.presented_on AND NEW.successor IS OLD.successor
  AND NEW.limited_support_rationale IS OLD.limited_support_rationale AND NEW.limited_support_url IS OLD.limited_support_url
  AND NEW.approved_by IS OLD.approved_by AND NEW.approved_on IS OLD.approved_on AND NEW.author IS OLD.author
  AND NEW.reason IS OLD.reason AND NEW.created_at IS OLD.created_at)
BEGIN
  SELECT RAISE(ABORT, 'an approved support plan changes only by being a draft again');
END;
CREATE TRIGGER service_line_approved_insert BEFORE INSERT ON service_line
WHEN EXISTS (SELECT 1 FROM support_plan p WHERE p.id = NEW.plan AND p.state = 'approved')
BEGIN
  SELECT RAISE(ABORT, 'an approved support plan changes only by being a draft again');
END;
CREATE TRIGGER service_line_approved_update BEFORE UPDATE ON service_line
WHEN EXISTS (SELECT 1 FROM support_plan p WHERE p.id IN (OLD.plan, NEW.plan) AND p.state = 'approved')
BEGIN
  SELECT RAISE(ABORT, 'an approved support plan changes only by being a draft again');
END;
CREATE TRIGGER service_line_approved_delete BEFORE DELETE ON service_line
WHEN EXISTS (SELECT 1 FROM support_plan p WHERE p.id = OLD.plan AND p.state = 'approved')
BEGIN
  SELECT RAISE(ABORT, 'an approved support plan changes only by being a draft again');
END;
-- What happened to one revision never becomes another's: no row with a history is replaced, or takes another id.
CREATE TRIGGER support_plan_history_insert BEFORE INSERT ON support_plan
WHEN EXISTS (SELECT 1 FROM plan_event e WHERE e.plan = NEW.id)
  OR EXISTS (SELECT 1 FROM support_plan p JOIN plan_event e ON e.plan = p.id WHERE p.release = NEW.release
       AND p.market = coalesce(NEW.market, '*') AND (p.revision = NEW.revision
         OR (p.state IN ('draft', 'submitted', 'approved') AND NEW.state IN ('draft', 'submitted', 'approved'))))
BEGIN
  SELECT RAISE(ABORT, 'a support plan with a history is never replaced: change its draft, or discard it');
END;
CREATE TRIGGER support_plan_history_update BEFORE UPDATE ON support_plan
WHEN (NEW.id <> OLD.id AND EXISTS (SELECT 1 FROM plan_event e WHERE e.plan IN (OLD.id, NEW.id)))
  OR EXISTS (SELECT 1 FROM support_plan p JOIN plan_event e ON e.plan = p.id WHERE p.release = NEW.release
       AND p.market = coalesce(NEW.market, '*') AND p.id <> OLD.id AND (p.revision = NEW.revision
         OR (p.state IN ('draft', 'submitted', 'approved') AND NEW.state IN ('draft', 'submitted', 'approved'))))
BEGIN
  SELECT RAISE(ABORT, 'a support plan with a history is never replaced: change its draft, or discard it');
END;
CREATE TRIGGER support_plan_published_update BEFORE UPDATE OF state ON support_plan
WHEN NEW.state IN ('published', 'superseded', 'withdrawn') AND OLD.state NOT IN ('approved', 'published', 'superseded', 'withdrawn')
  AND EXISTS (SELECT 1 FROM "user")
BEGIN
  SELECT RAISE(ABORT, 'a support plan is approved before it is published');
END;
CREATE TRIGGER support_plan_published_insert BEFORE INSERT ON support_plan
WHEN NEW.state IN ('approved', 'published', 'superseded', 'withdrawn') AND EXISTS (SELECT 1 FROM "user")
BEGIN
  SELECT RAISE(ABORT, 'a support plan begins as a draft, and is approved before it is published');
END;

DROP TRIGGER support_plan_update;
CREATE TRIGGER support_plan_update BEFORE UPDATE ON support_plan
WHEN OLD.state IN ('published', 'superseded', 'withdrawn') AND NOT (
  ((OLD.state = 'published' AND NEW.state IN ('published', 'superseded', 'withdrawn')) OR NEW.state = OLD.state)
  AND NEW.id = OLD.id AND NEW.release = OLD.release AND NEW.market = OLD.market AND NEW.revision = OLD.revision
  AND NEW.general_availability IS OLD.general_availability AND NEW.end_of_sale IS OLD.end_of_sale
  AND NEW.security_support_end IS OLD.security_support_end AND NEW.eol IS OLD.eol AND NEW.eos IS OLD.eos
  AND NEW.parts_until IS OLD.parts_until AND NEW.repair_until IS OLD.repair_until
  AND NEW.limited_support_doc IS OLD.limited_support_doc AND NEW.limited_support_duties IS OLD.limited_support_duties
  AND NEW.limited_support_duties_en IS OLD.limited_support_duties_en AND NEW.announced_on IS OLD.announced_on
  AND NEW.presented_on IS OLD.presented_on AND NEW.successor IS OLD.successor
  AND NEW.limited_support_rationale IS OLD.limited_support_rationale AND NEW.limited_support_url IS OLD.limited_support_url
  AND NEW.approved_by IS OLD.approved_by AND NEW.approved_on IS OLD.approved_on AND NEW.author IS OLD.author AND NEW.reason IS OLD.reason AND NEW.created_at IS OLD.created_at
  AND NEW.published_by IS OLD.published_by AND NEW.published_on IS OLD.published_on AND NEW.published_at IS OLD.published_at
  AND ((OLD.state <> 'withdrawn' AND NEW.state = 'withdrawn')
       OR (NEW.withdrawn_on IS OLD.withdrawn_on AND NEW.withdrawn_at IS OLD.withdrawn_at AND NEW.withdrawn_by IS OLD.withdrawn_by
           AND NEW.withdrawn_reason IS OLD.withdrawn_reason)))
BEGIN
  SELECT RAISE(ABORT, 'a published support plan never changes: make a new revision');
END;

DROP TRIGGER support_plan_deleted;
CREATE TRIGGER support_plan_deleted AFTER DELETE ON support_plan
BEGIN
  DELETE FROM service_line WHERE plan = OLD.id;
  DELETE FROM plan_event WHERE plan = OLD.id;
END;

-- A limited-support plan shown to an organization by other ways than mail (LSP-4).
CREATE TABLE presentation (
  id INTEGER PRIMARY KEY,
  plan INTEGER NOT NULL REFERENCES support_plan,
  organization INTEGER NOT NULL REFERENCES organization,
  how TEXT NOT NULL CHECK (how IN ('hand-over', 'letter', 'fax', 'page')),
  day TEXT NOT NULL CHECK (length(day) = 10 AND day > '0001' AND day IS date(day, '+0 days')),
  by TEXT NOT NULL,
  note TEXT,
  at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX presentation_plan ON presentation (plan, organization, how, day);

CREATE TRIGGER presentation_insert BEFORE INSERT ON presentation
WHEN EXISTS (SELECT 1 FROM presentation p WHERE p.id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'a presentation is never replaced');
END;
CREATE TRIGGER presentation_update BEFORE UPDATE ON presentation
WHEN NOT (NEW.id = OLD.id AND NEW.plan = OLD.plan AND NEW.organization = OLD.organization AND NEW.how = OLD.how
  AND NEW.day = OLD.day AND NEW.by = OLD.by AND NEW.at = OLD.at)
BEGIN
  SELECT RAISE(ABORT, 'of a presentation only the note changes');
END;

-- A customer's own later EOS, by contract: for all that it has of a release, or for one device. One at a time for each such scope; the next
-- takes its place, or it is ended. It is never removed.
CREATE TABLE extension (
  id INTEGER PRIMARY KEY,
  release INTEGER NOT NULL REFERENCES release,
  organization INTEGER NOT NULL REFERENCES organization,
  device INTEGER REFERENCES device, -- NULL: all that the organization has of the release
  eos TEXT NOT NULL CHECK (length(eos) = 10 AND eos > '0001' AND eos IS date(eos, '+0 days')), -- as agreed
  until TEXT CHECK (until IS NULL OR (length(until) = 10 AND until > '0001' AND until <= eos AND until IS date(until, '+0 days'))), -- the last day on which it holds: eos, or the day on which it was ended; NULL: another one took its place
  units INTEGER CHECK ((units IS NULL) = (device IS NULL) AND coalesce(units, 0) >= 0), -- of that device, as holding counts them; 0 while it is not theirs
  version INTEGER NOT NULL CHECK (version >= 0), -- moves with every change that the customer's events show, and at changed_at
  changed_at TEXT NOT NULL,
  reference TEXT, -- the contract's number
  reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
  created_by TEXT NOT NULL,
  created_on TEXT NOT NULL CHECK (length(created_on) = 10 AND created_on > '0001' AND created_on IS date(created_on, '+0 days')),
  created_at TEXT NOT NULL,
  ended_by TEXT, -- by whom it was ended or replaced
  ended_on TEXT CHECK ((ended_on IS NULL) = (ended_by IS NULL) AND (ended_on IS NOT NULL OR until IS NOT NULL)
    AND (ended_on IS NULL OR (length(ended_on) = 10 AND ended_on > '0001' AND ended_on IS date(ended_on, '+0 days')))),
  ended_at TEXT,
  ended_reason TEXT
) STRICT;
CREATE UNIQUE INDEX extension_scope ON extension (organization, release, coalesce(device, 0)) WHERE until IS NOT NULL;
CREATE INDEX extension_organization ON extension (organization, release);
CREATE INDEX extension_release ON extension (release, until);

CREATE TRIGGER extension_insert BEFORE INSERT ON extension
WHEN EXISTS (SELECT 1 FROM extension e WHERE e.id = NEW.id OR (NEW.until IS NOT NULL AND e.until IS NOT NULL
  AND e.release = NEW.release AND e.organization = NEW.organization AND e.device IS NEW.device))
BEGIN
  SELECT RAISE(ABORT, 'an extension is never replaced silently: end it, or let the next one take its place');
END;
CREATE TRIGGER extension_update BEFORE UPDATE ON extension
WHEN NOT (NEW.id = OLD.id AND NEW.release = OLD.release AND NEW.organization = OLD.organization
  AND NEW.device IS OLD.device AND NEW.eos = OLD.eos AND NEW.reference IS OLD.reference AND NEW.reason = OLD.reason
  AND NEW.created_by = OLD.created_by AND NEW.created_on = OLD.created_on AND NEW.created_at = OLD.created_at
  AND NEW.version >= OLD.version
  AND (OLD.ended_on IS NULL OR (NEW.ended_by IS OLD.ended_by AND NEW.ended_on IS OLD.ended_on AND NEW.ended_at IS OLD.ended_at
    AND NEW.ended_reason IS OLD.ended_reason))
  AND (NEW.until IS OLD.until OR (OLD.until IS NOT NULL AND NEW.ended_on IS NOT NULL AND (NEW.until IS NULL OR NEW.until < OLD.until))))
BEGIN
  SELECT RAISE(ABORT, 'an extension never changes: end it, and make another one');
END;
CREATE TRIGGER extension_delete BEFORE DELETE ON extension
BEGIN
  SELECT RAISE(ABORT, 'an extension is never removed: end it');
END;

-- Units that are made of a hardware and a software release, counted as in holding and kept with it (db/holding_pair.c): when each of them
-- ends depends on both. version moves with every change; a pair that is gone stays, with count 0.
CREATE TABLE holding_pair (
  organization INTEGER NOT NULL REFERENCES organization,
  role TEXT NOT NULL CHECK (role = 'user' OR role = 'owner' OR role = 'seller' OR role = 'repairer'),
  hardware INTEGER NOT NULL REFERENCES release,
  software INTEGER NOT NULL REFERENCES release CHECK (software <> hardware),
  count INTEGER NOT NULL CHECK (count >= 0),
  version INTEGER NOT NULL CHECK (version > 0),
  changed_at TEXT NOT NULL,
  PRIMARY KEY (organization, role, hardware, software)
) STRICT, WITHOUT ROWID;

INSERT INTO holding_pair (organization, role, hardware, software, count, version, changed_at)
SELECT d.organization, 'user', d.release, d.software_release, sum(d.quantity), 1, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
FROM device d WHERE d.software_release <> d.release AND d.status IN ('in-use', 'spare', 'isolated', 'unknown')
GROUP BY d.organization, d.release, d.software_release;
INSERT INTO holding_pair (organization, role, hardware, software, count, version, changed_at)
SELECT organization, role, release, software_release, sum(quantity), 1, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
FROM (SELECT DISTINCT c.organization, c.role, d.id, d.release, d.software_release, d.quantity FROM custody c JOIN device d ON d.id = c.device
  WHERE c.role IN ('owner', 'seller', 'repairer') AND (c.until IS NULL OR c.until >= date('now'))
    AND d.software_release <> d.release AND d.status IN ('in-use', 'spare', 'isolated', 'unknown'))
GROUP BY organization, role, release, software_release;

-- A notice of EOS tells of the plan's, or of the later one that an extension gave some of the customers.
CREATE TABLE notice_new (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('plan-announcement', 'plan-change', 'eol-reminder', 'limited-support-begins', 'eos-reminder',
    'eos-reached', 'component-notice', 'security-advisory', 'stop-use-recommendation', 'withdrawal')),
  plan INTEGER NOT NULL REFERENCES support_plan,
  due_on TEXT NOT NULL CHECK (length(due_on) = 10 AND due_on > '0001' AND due_on IS date(due_on, '+0 days')),
  lead_months INTEGER NOT NULL DEFAULT 0,
  budget_month INTEGER NOT NULL DEFAULT 0,
  extended_eos TEXT NOT NULL DEFAULT '' CHECK (extended_eos = '' OR (kind IN ('eos-reminder', 'eos-reached') AND length(extended_eos) = 10
    AND extended_eos > '0001' AND extended_eos IS date(extended_eos, '+0 days'))), -- '': the plan's own
  created_at TEXT NOT NULL,
  UNIQUE (kind, plan, due_on, lead_months, budget_month, extended_eos)
) STRICT;
INSERT INTO notice_new (id, kind, plan, due_on, lead_months, budget_month, created_at)
SELECT id, kind, plan, due_on, lead_months, budget_month, created_at FROM notice;
DROP TABLE notice;
ALTER TABLE notice_new RENAME TO notice;
CREATE INDEX notice_plan ON notice (plan, kind);

-- Custodies end by themselves: the day that holdings are up to date with (db/holding_ended.h).
ALTER TABLE setting ADD COLUMN holdings_on TEXT CHECK (holdings_on IS NULL OR (length(holdings_on) = 10 AND holdings_on > '0001' AND holdings_on IS date(holdings_on, '+0 days')));
CREATE INDEX custody_until ON custody (until) WHERE until IS NOT NULL;

-- An acknowledgement that somebody recorded: on which civil day it was given, by whom in which function, and who entered it. `at` is when the
-- store learnt of it.
ALTER TABLE acknowledgement ADD COLUMN day TEXT CHECK (day IS NULL OR (length(day) = 10 AND day > '0001' AND day IS date(day, '+0 days')));
ALTER TABLE acknowledgement ADD COLUMN title TEXT;
ALTER TABLE acknowledgement ADD COLUMN note TEXT;
ALTER TABLE acknowledgement ADD COLUMN recorded_by TEXT;

-- The data behind EU-1, art12_3 and STALE-1.
ALTER TABLE product ADD COLUMN art12_3_reason TEXT;
ALTER TABLE product ADD COLUMN serious_harm TEXT NOT NULL DEFAULT 'unknown' CHECK (serious_harm IN ('yes', 'no', 'unknown')); -- by a discontinuation, MDR art. 10a
CREATE TABLE assessment (
  id INTEGER PRIMARY KEY,
  release INTEGER NOT NULL REFERENCES release,
  day TEXT NOT NULL CHECK (length(day) = 10 AND day > '0001' AND day IS date(day, '+0 days')),
  by TEXT NOT NULL,
  note TEXT,
  at TEXT NOT NULL,
  UNIQUE (release, day)
) STRICT;

-- A person who was erased (db/contact_erase.h): nothing personal is left in the row, and no channel reaches it.
ALTER TABLE contact ADD COLUMN erased_on TEXT CHECK (erased_on IS NULL OR (
  length(erased_on) = 10 AND erased_on > '0001' AND erased_on IS date(erased_on, '+0 days')
  AND kana IS NULL AND department IS NULL AND title IS NULL AND email IS NULL AND phone IS NULL AND role IS NULL
  AND channel = 'mail' AND valid_from IS NULL AND valid_to IS NULL));
-- Keyed digest of the name, so that an import does not bring them back; the key is not in the store.
ALTER TABLE contact ADD COLUMN erased_key BLOB CHECK (erased_key IS NULL OR (length(erased_key) = 32 AND erased_on IS NOT NULL));
CREATE INDEX contact_erased ON contact (erased_on) WHERE erased_on IS NOT NULL;

-- Whom a mail went to stands in its context: when that is erased, its digest and date stay.
ALTER TABLE message_context ADD COLUMN erased_on TEXT CHECK (erased_on IS NULL OR (
  length(erased_on) = 10 AND erased_on > '0001' AND erased_on IS date(erased_on, '+0 days') AND context = ''));

-- What an organization confirmed, and was shown: where a person's name may stand.
CREATE INDEX acknowledgement_organization ON acknowledgement (organization);
CREATE INDEX presentation_organization ON presentation (organization);

-- What a relay answered may repeat the address. Of an erased person's messages the answer can go, and nothing else can change: that
-- and when a message was handed over, and what became of it, is the proof of notice.
DROP TRIGGER outbox_event_update;
CREATE TRIGGER outbox_event_update BEFORE UPDATE ON outbox_event
WHEN NOT (NEW.id = OLD.id AND NEW.outbox = OLD.outbox AND NEW.at = OLD.at AND NEW.day = OLD.day AND NEW.attempt = OLD.attempt
  AND NEW.state = OLD.state AND NEW.detail IS NULL
  AND EXISTS (SELECT 1 FROM outbox x JOIN contact c ON c.id = x.contact WHERE x.id = OLD.outbox AND c.erased_on IS NOT NULL))
BEGIN
  SELECT RAISE(ABORT, 'outbox events never change');
END;
