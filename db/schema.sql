-- The schema as a fresh store has it: what db/migrations/ come to. A test compares it.
-- Dates are NULL (unknown), 'tba' (not announced) or a real ISO day; instants are UTC, 'YYYY-MM-DDTHH:MM:SSZ'.
-- Natural keys:
-- product(code) release(product, name) support_plan(release, market, revision) service_line(plan, kind)
-- organization(code) contact(organization, name) device(product, serial_key), without a serial (organization, release, lot_key)
-- custody(device, role, organization, since) holding(release, organization, role)
-- notice(kind, plan, due_on, lead_months, budget_month, extended_eos) of a plan, notice(advisory, kind) of an advisory outbox(message_id) outbox_notice(notice, organization, outbox)
-- outbox_event(outbox, in the order of id) message_context(outbox) context_part(hash) message_part(outbox, part) template_set(hash)
-- acknowledgement(notice, organization, kind) feed(token_hash) page(token_hash) page_organization(page, organization) audit(id, without a gap) audit_payload(audit)
-- document(product, release or none, item) user(name) user_role(user, role) plan_event(plan, in the order of id)
-- advisory(number, revision) advisory_release(advisory, release) advisory_event(advisory, in the order of id)
-- handover(outbox, step, in the order of id), of what was passed on (outbox, organization)
-- decision(organization, release, device or none, in the order of id) correction(id) correction_field(correction, field)
-- presentation(id) extension(organization, release, device or none) where it holds
-- holding_pair(organization, role, hardware, software) assessment(release, day)
-- setting(one row) maker(field) change(scope) relay(url) migration(version)

CREATE TABLE migration (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  created_at TEXT NOT NULL,
  simulation INTEGER NOT NULL CHECK (simulation IN (0, 1)),
  uid_domain TEXT NOT NULL
, holdings_on TEXT CHECK (holdings_on IS NULL OR (length(holdings_on) = 10 AND holdings_on > '0001' AND holdings_on IS date(holdings_on, '+0 days')))) STRICT;

CREATE TABLE maker (
  field TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name_ja TEXT NOT NULL,
  name_en TEXT,
  generic_name TEXT,
  jmdn TEXT,
  class TEXT,
  approval_no TEXT,
  security_contact TEXT,
  update_policy_doc TEXT,
  useful_life_years INTEGER CHECK (useful_life_years BETWEEN 0 AND 100),
  art12_3 TEXT NOT NULL DEFAULT 'unknown' CHECK (art12_3 IN ('yes', 'no', 'unknown')),
  transition INTEGER NOT NULL DEFAULT 0 CHECK (transition IN (0, 1)),
  successor TEXT,
  package_insert_url TEXT
, art12_3_reason TEXT, serious_harm TEXT NOT NULL DEFAULT 'unknown' CHECK (serious_harm IN ('yes', 'no', 'unknown'))) STRICT;

CREATE TABLE release (
  id INTEGER PRIMARY KEY,
  product INTEGER NOT NULL REFERENCES product,
  name TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'hardware' CHECK (kind IN ('hardware', 'software')),
  udi_di TEXT,
  UNIQUE (product, name)
) STRICT;

CREATE TABLE support_plan (
  id INTEGER PRIMARY KEY,
  release INTEGER NOT NULL REFERENCES release,
  market TEXT NOT NULL DEFAULT '*',
  revision INTEGER NOT NULL CHECK (revision > 0),
  state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'published', 'superseded', 'withdrawn')),
  general_availability TEXT CHECK (general_availability IS NULL OR general_availability = 'tba'
    OR (length(general_availability) = 10 AND general_availability > '0001' AND general_availability IS date(general_availability, '+0 days'))),
  end_of_sale TEXT CHECK (end_of_sale IS NULL OR end_of_sale = 'tba'
    OR (length(end_of_sale) = 10 AND end_of_sale > '0001' AND end_of_sale IS date(end_of_sale, '+0 days'))),
  security_support_end TEXT CHECK (security_support_end IS NULL OR security_support_end = 'tba'
    OR (length(security_support_end) = 10 AND security_support_end > '0001' AND security_support_end IS date(security_support_end, '+0 days'))),
  eol TEXT CHECK (eol IS NULL OR eol = 'tba' OR (length(eol) = 10 AND eol > '0001' AND eol IS date(eol, '+0 days'))),
  eos TEXT CHECK (eos IS NULL OR eos = 'tba' OR (length(eos) = 10 AND eos > '0001' AND eos IS date(eos, '+0 days'))),
  parts_until TEXT CHECK (parts_until IS NULL OR parts_until = 'tba'
    OR (length(parts_until) = 10 AND parts_until > '0001' AND parts_until IS date(parts_until, '+0 days'))),
  repair_until TEXT CHECK (repair_until IS NULL OR repair_until = 'tba'
    OR (length(repair_until) = 10 AND repair_until > '0001' AND repair_until IS date(repair_until, '+0 days'))),
  limited_support_doc TEXT,
  limited_support_duties TEXT,
  limited_support_duties_en TEXT,
  announced_on TEXT CHECK (announced_on IS NULL OR announced_on = 'tba'
    OR (length(announced_on) = 10 AND announced_on > '0001' AND announced_on IS date(announced_on, '+0 days'))),
  presented_on TEXT CHECK (presented_on IS NULL OR presented_on = 'tba'
    OR (length(presented_on) = 10 AND presented_on > '0001' AND presented_on IS date(presented_on, '+0 days'))),
  author TEXT NOT NULL,
  reason TEXT,
  created_at TEXT NOT NULL,
  published_by TEXT,
  published_on TEXT CHECK (published_on IS NULL OR (length(published_on) = 10 AND published_on > '0001' AND published_on IS date(published_on, '+0 days'))),
  published_at TEXT,
  withdrawn_on TEXT CHECK (withdrawn_on IS NULL OR (length(withdrawn_on) = 10 AND withdrawn_on > '0001' AND withdrawn_on IS date(withdrawn_on, '+0 days'))),
  withdrawn_at TEXT, successor TEXT, limited_support_rationale TEXT, limited_support_url TEXT, approved_by TEXT, approved_on TEXT CHECK (approved_on IS NULL OR (length(approved_on) = 10 AND approved_on > '0001' AND approved_on IS date(approved_on, '+0 days'))), withdrawn_by TEXT, withdrawn_reason TEXT,
  UNIQUE (release, market, revision),
  CONSTRAINT "LSP-1: EOL and EOS coincide without a declared limited-support plan" CHECK (
    eol IS NULL OR eos IS NULL OR eol = 'tba' OR eol <> eos
    OR length(trim(coalesce(limited_support_doc, ''),
         -- every character that shows nothing; never 0, which would end this list (and ends length's count, so a NUL declares nothing)
         char(32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127, 133, 160,
              173, 847, 1564, 4447, 4448, 5760, 6068, 6069, 6158, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8203,
              8204, 8205, 8206, 8207, 8232, 8233, 8234, 8235, 8236, 8237, 8238, 8239, 8287, 8288, 8289, 8290, 8291, 8292, 8294, 8295, 8296,
              8297, 10240, 12288, 12644, 65279, 65440))) > 0),
  CONSTRAINT "ORD-1: EOL after EOS" CHECK (eol IS NULL OR eos IS NULL OR eol = 'tba' OR eos = 'tba' OR eol <= eos),
  CONSTRAINT "published on a day" CHECK (state NOT IN ('published', 'superseded', 'withdrawn') OR published_on IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX support_plan_published ON support_plan (release, market) WHERE state = 'published';

CREATE UNIQUE INDEX support_plan_open ON support_plan (release, market) WHERE state IN ('draft', 'submitted', 'approved');

CREATE TABLE service_line (
  plan INTEGER NOT NULL REFERENCES support_plan ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('security-updates', 'parts', 'on-site-repair', 'telephone', 'compensating-controls', 'migration-path')),
  until TEXT NOT NULL CHECK (length(until) = 10 AND until > '0001' AND until IS date(until, '+0 days')),
  terms_ja TEXT,
  terms_en TEXT,
  PRIMARY KEY (plan, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE organization (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name_ja TEXT NOT NULL,
  name_en TEXT,
  kana TEXT,
  role TEXT NOT NULL CHECK (role = 'hospital' OR role = 'clinic' OR role = 'distributor' OR role = 'lessor'
    OR role = 'repairer' OR role = 'regulator'),
  country TEXT NOT NULL DEFAULT 'JP',
  language TEXT NOT NULL DEFAULT 'ja' CHECK (language IN ('ja', 'en')),
  time_zone TEXT,
  parent INTEGER REFERENCES organization CHECK (parent <> id),
  postal_code TEXT,
  address TEXT,
  phone TEXT,
  fax TEXT,
  corporate_no TEXT,
  facility_code TEXT,
  budget_month INTEGER CHECK (budget_month BETWEEN 1 AND 12),
  disclosed INTEGER NOT NULL DEFAULT 1 CHECK (disclosed IN (0, 1))
) STRICT;

CREATE INDEX organization_parent ON organization (parent) WHERE parent IS NOT NULL;

CREATE TABLE contact (
  id INTEGER PRIMARY KEY,
  organization INTEGER NOT NULL REFERENCES organization,
  name TEXT NOT NULL,
  kana TEXT,
  department TEXT,
  title TEXT,
  email TEXT,
  phone TEXT,
  role TEXT CHECK (role = 'device-safety-manager' OR role = 'clinical-engineering' OR role = 'it-security'
    OR role = 'procurement' OR role = 'other'),
  language TEXT NOT NULL DEFAULT 'ja' CHECK (language IN ('ja', 'en')),
  channel TEXT NOT NULL DEFAULT 'mail' CHECK (channel = 'mail' OR channel = 'webhook' OR channel = 'letter' OR channel = 'fax'
    OR channel = 'hand' OR channel = 'relay'),
  escalation_order INTEGER NOT NULL DEFAULT 1 CHECK (escalation_order > 0),
  valid_from TEXT CHECK (valid_from IS NULL OR (length(valid_from) = 10 AND valid_from > '0001' AND valid_from IS date(valid_from, '+0 days'))),
  valid_to TEXT CHECK (valid_to IS NULL OR (length(valid_to) = 10 AND valid_to > '0001' AND valid_to IS date(valid_to, '+0 days'))), erased_on TEXT CHECK (erased_on IS NULL OR (
  length(erased_on) = 10 AND erased_on > '0001' AND erased_on IS date(erased_on, '+0 days')
  AND kana IS NULL AND department IS NULL AND title IS NULL AND email IS NULL AND phone IS NULL AND role IS NULL
  AND channel = 'mail' AND valid_from IS NULL AND valid_to IS NULL)), erased_key BLOB CHECK (erased_key IS NULL OR (length(erased_key) = 32 AND erased_on IS NOT NULL)), webhook TEXT CHECK (webhook IS NULL
  OR (erased_on IS NULL AND lower(substr(webhook, 1, 8)) = 'https://' AND length(webhook) BETWEEN 9 AND 2000)),
  UNIQUE (organization, name)
) STRICT;

CREATE TABLE device (
  id INTEGER PRIMARY KEY,
  product INTEGER NOT NULL REFERENCES product,
  release INTEGER NOT NULL REFERENCES release,
  software_release INTEGER REFERENCES release,
  serial TEXT,     -- as given
  serial_key TEXT, -- NFKC of it, upper case, without spaces: what equality means
  lot TEXT,
  lot_key TEXT NOT NULL DEFAULT '',
  quantity INTEGER NOT NULL DEFAULT 1 CHECK (quantity > 0),
  udi TEXT,
  organization INTEGER NOT NULL REFERENCES organization,
  department TEXT,
  location TEXT,
  asset_no TEXT,
  shipped_on TEXT,
  installed_on TEXT,
  disposed_on TEXT,
  contract_until TEXT,
  status TEXT NOT NULL DEFAULT 'in-use' CHECK (status = 'in-use' OR status = 'spare' OR status = 'isolated'
    OR status = 'disposed' OR status = 'transferred' OR status = 'unknown')
) STRICT;

CREATE UNIQUE INDEX device_serial ON device (product, serial_key) WHERE serial_key IS NOT NULL;

CREATE UNIQUE INDEX device_lot ON device (organization, release, lot_key) WHERE serial_key IS NULL;

CREATE INDEX device_organization ON device (organization, release);

CREATE INDEX device_release ON device (release, contract_until);

CREATE INDEX device_software_release ON device (software_release, contract_until) WHERE software_release IS NOT NULL;

CREATE TABLE custody (
  id INTEGER PRIMARY KEY,
  device INTEGER NOT NULL REFERENCES device,
  role TEXT NOT NULL CHECK (role = 'user' OR role = 'owner' OR role = 'seller' OR role = 'repairer'),
  organization INTEGER NOT NULL REFERENCES organization,
  since TEXT NOT NULL DEFAULT '' CHECK (since = '' OR (length(since) = 10 AND since > '0001' AND since IS date(since, '+0 days'))),
  until TEXT CHECK (until IS NULL OR (length(until) = 10 AND until > '0001' AND until IS date(until, '+0 days'))),
  lease_end TEXT CHECK (lease_end IS NULL OR (length(lease_end) = 10 AND lease_end > '0001' AND lease_end IS date(lease_end, '+0 days'))),
  reference TEXT,
  UNIQUE (device, role, organization, since)
) STRICT;

CREATE INDEX custody_organization ON custody (organization, role);

CREATE INDEX custody_lease_end ON custody (lease_end) WHERE lease_end IS NOT NULL;

CREATE TABLE holding (
  release INTEGER NOT NULL REFERENCES release,
  organization INTEGER NOT NULL REFERENCES organization,
  role TEXT NOT NULL CHECK (role = 'user' OR role = 'owner' OR role = 'seller' OR role = 'repairer'),
  count INTEGER NOT NULL CHECK (count >= 0),
  version INTEGER NOT NULL CHECK (version > 0),
  uid TEXT NOT NULL UNIQUE,
  since TEXT NOT NULL,
  ended_on TEXT,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (release, organization, role)
) STRICT, WITHOUT ROWID;

CREATE INDEX holding_organization ON holding (organization, role, release);

CREATE TABLE outbox_notice (
  notice INTEGER NOT NULL REFERENCES notice,
  organization INTEGER NOT NULL REFERENCES organization, -- whom the notice concerns
  outbox INTEGER NOT NULL REFERENCES outbox,
  PRIMARY KEY (notice, organization, outbox)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_notice_outbox ON outbox_notice (outbox);

CREATE TABLE outbox_event (
  id INTEGER PRIMARY KEY,
  outbox INTEGER NOT NULL REFERENCES outbox,
  at TEXT NOT NULL,
  day TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL,
  detail TEXT
) STRICT;

CREATE INDEX outbox_event_outbox ON outbox_event (outbox, id);

CREATE TABLE template_set (
  hash TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE message_context (
  outbox INTEGER PRIMARY KEY REFERENCES outbox,
  context TEXT NOT NULL,
  date TEXT NOT NULL,
  boundary_seed TEXT NOT NULL,
  template_set TEXT NOT NULL REFERENCES template_set,
  renderer TEXT NOT NULL,
  sha256 TEXT NOT NULL
, erased_on TEXT CHECK (erased_on IS NULL OR (
  length(erased_on) = 10 AND erased_on > '0001' AND erased_on IS date(erased_on, '+0 days') AND context = ''))) STRICT;

CREATE TABLE acknowledgement (
  id INTEGER PRIMARY KEY,
  notice INTEGER NOT NULL REFERENCES notice,
  organization INTEGER NOT NULL REFERENCES organization,
  kind TEXT NOT NULL CHECK (kind IN ('receipt', 'transfer')),
  by TEXT NOT NULL,
  how TEXT NOT NULL,
  at TEXT NOT NULL, day TEXT CHECK (day IS NULL OR (length(day) = 10 AND day > '0001' AND day IS date(day, '+0 days'))), title TEXT, note TEXT, recorded_by TEXT,
  UNIQUE (notice, organization, kind)
) STRICT;

CREATE TABLE feed (
  id INTEGER PRIMARY KEY,
  organization INTEGER NOT NULL REFERENCES organization,
  language TEXT NOT NULL DEFAULT 'ja' CHECK (language IN ('ja', 'en')),
  token_hash BLOB NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  revoked_at TEXT
, page INTEGER REFERENCES page, lead_times INTEGER NOT NULL DEFAULT 0 CHECK (lead_times IN (0, 1))) STRICT;

CREATE INDEX feed_organization ON feed (organization);

CREATE TABLE change (
  scope TEXT PRIMARY KEY,
  n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  at TEXT NOT NULL,
  day TEXT NOT NULL,
  action TEXT NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE audit_payload (
  audit INTEGER PRIMARY KEY REFERENCES audit,
  salt BLOB NOT NULL CHECK (length(salt) = 32),
  payload TEXT NOT NULL
) STRICT;

CREATE TRIGGER support_plan_insert BEFORE INSERT ON support_plan
WHEN EXISTS (SELECT 1 FROM support_plan p WHERE p.id = NEW.id AND p.state IN ('published', 'superseded', 'withdrawn'))
  OR EXISTS (SELECT 1 FROM support_plan p WHERE p.release = NEW.release AND p.market = coalesce(NEW.market, '*')
       AND ((p.revision = NEW.revision AND p.state IN ('published', 'superseded', 'withdrawn'))
            OR (p.state = 'published' AND NEW.state = 'published')))
BEGIN
  SELECT RAISE(ABORT, 'a published support plan is never replaced: make a new revision');
END;

CREATE TRIGGER support_plan_collision BEFORE UPDATE ON support_plan
WHEN EXISTS (SELECT 1 FROM support_plan p WHERE p.id = NEW.id AND p.id <> OLD.id AND p.state IN ('published', 'superseded', 'withdrawn'))
  OR EXISTS (SELECT 1 FROM support_plan p WHERE p.release = NEW.release AND p.market = coalesce(NEW.market, '*') AND p.id <> OLD.id
       AND ((p.revision = NEW.revision AND p.state IN ('published', 'superseded', 'withdrawn'))
            OR (p.state = 'published' AND NEW.state = 'published')))
BEGIN
  SELECT RAISE(ABORT, 'a published support plan is never replaced: make a new revision');
END;

CREATE TRIGGER support_plan_delete BEFORE DELETE ON support_plan
WHEN OLD.state IN ('published', 'superseded', 'withdrawn')
BEGIN
  SELECT RAISE(ABORT, 'a published support plan is never removed: withdraw it');
END;

CREATE TRIGGER support_plan_inserted AFTER INSERT ON support_plan
WHEN NOT (NEW.eol IS NULL OR NEW.eol = 'tba' OR (length(NEW.eol) = 10 AND NEW.eol > '0001' AND NEW.eol IS date(NEW.eol, '+0 days')))
  OR NOT (NEW.eos IS NULL OR NEW.eos = 'tba' OR (length(NEW.eos) = 10 AND NEW.eos > '0001' AND NEW.eos IS date(NEW.eos, '+0 days')))
  OR (NEW.eol <> 'tba' AND NEW.eos <> 'tba' AND NEW.eol > NEW.eos)
  OR (NEW.eol <> 'tba' AND NEW.eol = NEW.eos AND length(trim(coalesce(NEW.limited_support_doc, ''),
         char(32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127, 133, 160,
              173, 847, 1564, 4447, 4448, 5760, 6068, 6069, 6158, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8203,
              8204, 8205, 8206, 8207, 8232, 8233, 8234, 8235, 8236, 8237, 8238, 8239, 8287, 8288, 8289, 8290, 8291, 8292, 8294, 8295, 8296,
              8297, 10240, 12288, 12644, 65279, 65440))) = 0)
BEGIN
  SELECT RAISE(ABORT, 'LSP-1, ORD-1: EOL and EOS are days, EOL not after EOS, nor the same without a declared limited-support plan');
END;

CREATE TRIGGER support_plan_updated AFTER UPDATE OF eol, eos, limited_support_doc ON support_plan
WHEN NOT (NEW.eol IS NULL OR NEW.eol = 'tba' OR (length(NEW.eol) = 10 AND NEW.eol > '0001' AND NEW.eol IS date(NEW.eol, '+0 days')))
  OR NOT (NEW.eos IS NULL OR NEW.eos = 'tba' OR (length(NEW.eos) = 10 AND NEW.eos > '0001' AND NEW.eos IS date(NEW.eos, '+0 days')))
  OR (NEW.eol <> 'tba' AND NEW.eos <> 'tba' AND NEW.eol > NEW.eos)
  OR (NEW.eol <> 'tba' AND NEW.eol = NEW.eos AND length(trim(coalesce(NEW.limited_support_doc, ''),
         char(32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127, 133, 160,
              173, 847, 1564, 4447, 4448, 5760, 6068, 6069, 6158, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8203,
              8204, 8205, 8206, 8207, 8232, 8233, 8234, 8235, 8236, 8237, 8238, 8239, 8287, 8288, 8289, 8290, 8291, 8292, 8294, 8295, 8296,
              8297, 10240, 12288, 12644, 65279, 65440))) = 0)
BEGIN
  SELECT RAISE(ABORT, 'LSP-1, ORD-1: EOL and EOS are days, EOL not after EOS, nor the same without a declared limited-support plan');
END;

CREATE TRIGGER service_line_insert BEFORE INSERT ON service_line
WHEN EXISTS (SELECT 1 FROM support_plan p WHERE p.id = NEW.plan AND p.state IN ('published', 'superseded', 'withdrawn'))
BEGIN
  SELECT RAISE(ABORT, 'a published support plan never changes: make a new revision');
END;

CREATE TRIGGER service_line_update BEFORE UPDATE ON service_line
WHEN EXISTS (SELECT 1 FROM support_plan p WHERE p.id IN (OLD.plan, NEW.plan) AND p.state IN ('published', 'superseded', 'withdrawn'))
BEGIN
  SELECT RAISE(ABORT, 'a published support plan never changes: make a new revision');
END;

CREATE TRIGGER service_line_delete BEFORE DELETE ON service_line
WHEN EXISTS (SELECT 1 FROM support_plan p WHERE p.id = OLD.plan AND p.state IN ('published', 'superseded', 'withdrawn'))
BEGIN
  SELECT RAISE(ABORT, 'a published support plan never changes: make a new revision');
END;

CREATE TRIGGER audit_insert BEFORE INSERT ON audit
WHEN NEW.id IS NULL OR NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM audit)
BEGIN
  SELECT RAISE(ABORT, 'audit rows are appended, one after the other');
END;

CREATE TRIGGER audit_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit rows never change');
END;

CREATE TRIGGER audit_delete BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit rows are never removed');
END;

CREATE TRIGGER audit_payload_insert BEFORE INSERT ON audit_payload
WHEN EXISTS (SELECT 1 FROM audit_payload p WHERE p.audit = NEW.audit) OR NEW.audit IS NOT (SELECT max(id) FROM audit)
BEGIN
  SELECT RAISE(ABORT, 'an audit payload is written once, with its row');
END;

CREATE TRIGGER audit_payload_update BEFORE UPDATE ON audit_payload
BEGIN
  SELECT RAISE(ABORT, 'an audit payload never changes: it can only be erased');
END;

CREATE TRIGGER outbox_event_insert BEFORE INSERT ON outbox_event
WHEN EXISTS (SELECT 1 FROM outbox_event e WHERE e.id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'outbox events are never replaced');
END;

CREATE TRIGGER outbox_event_delete BEFORE DELETE ON outbox_event
BEGIN
  SELECT RAISE(ABORT, 'outbox events are never removed');
END;

CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  product INTEGER NOT NULL REFERENCES product,
  release INTEGER REFERENCES release, -- NULL: for all of them; a release's own document goes before the product's
  item TEXT NOT NULL CHECK (length(trim(item)) > 0), -- as ConformityItem.id
  document TEXT NOT NULL CHECK (length(trim(document)) > 0),
  title TEXT,
  changed_by TEXT NOT NULL,
  changed_on TEXT NOT NULL CHECK (length(changed_on) = 10 AND changed_on IS date(changed_on, '+0 days'))
) STRICT;

CREATE UNIQUE INDEX document_key ON document (product, coalesce(release, 0), item);

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

CREATE TRIGGER support_plan_deleted AFTER DELETE ON support_plan
BEGIN
  DELETE FROM service_line WHERE plan = OLD.id;
  DELETE FROM plan_event WHERE plan = OLD.id;
END;

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

CREATE INDEX custody_until ON custody (until) WHERE until IS NOT NULL;

CREATE TABLE assessment (
  id INTEGER PRIMARY KEY,
  release INTEGER NOT NULL REFERENCES release,
  day TEXT NOT NULL CHECK (length(day) = 10 AND day > '0001' AND day IS date(day, '+0 days')),
  by TEXT NOT NULL,
  note TEXT,
  at TEXT NOT NULL,
  UNIQUE (release, day)
) STRICT;

CREATE INDEX contact_erased ON contact (erased_on) WHERE erased_on IS NOT NULL;

CREATE INDEX acknowledgement_organization ON acknowledgement (organization);

CREATE INDEX presentation_organization ON presentation (organization);

CREATE TABLE relay (
  url TEXT PRIMARY KEY,
  accepted_at TEXT,   -- when it last took a message
  failing_since TEXT, -- NULL: it was reached when it was last tried
  reply TEXT          -- its last words while it is failing
) STRICT, WITHOUT ROWID;

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

CREATE TABLE advisory_release (
  advisory INTEGER NOT NULL REFERENCES advisory,
  release INTEGER NOT NULL REFERENCES release,
  PRIMARY KEY (advisory, release)
) STRICT, WITHOUT ROWID;

CREATE INDEX advisory_release_release ON advisory_release (release, advisory);

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

CREATE TABLE "notice" (
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

CREATE INDEX notice_plan ON notice (plan, kind);

CREATE UNIQUE INDEX notice_advisory ON notice (advisory, kind) WHERE advisory IS NOT NULL;

CREATE TABLE "outbox" (
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
, urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1))) STRICT;

CREATE UNIQUE INDEX outbox_waiting ON outbox (contact, channel, due_on) WHERE state = 'pending' AND attempt = 0 AND contact IS NOT NULL;

CREATE UNIQUE INDEX outbox_waiting_letter ON outbox (organization, due_on) WHERE state = 'pending' AND attempt = 0 AND contact IS NULL;

CREATE INDEX outbox_retry ON outbox (channel, coalesce(not_before, ''), id) WHERE state IN ('deferred', 'unknown');

CREATE TRIGGER outbox_event_update BEFORE UPDATE ON outbox_event
WHEN NOT (NEW.id = OLD.id AND NEW.outbox = OLD.outbox AND NEW.at = OLD.at AND NEW.day = OLD.day AND NEW.attempt = OLD.attempt
  AND NEW.state = OLD.state AND NEW.detail IS NULL
  AND EXISTS (SELECT 1 FROM outbox x JOIN contact c ON c.id = x.contact WHERE x.id = OLD.outbox AND c.erased_on IS NOT NULL))
BEGIN
  SELECT RAISE(ABORT, 'outbox events never change');
END;

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

CREATE TABLE page (
  id INTEGER PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at TEXT NOT NULL,
  revoked_at TEXT
) STRICT;

CREATE TABLE page_organization (
  page INTEGER NOT NULL REFERENCES page,
  organization INTEGER NOT NULL REFERENCES organization,
  PRIMARY KEY (page, organization)
) STRICT, WITHOUT ROWID;

CREATE INDEX page_organization_organization ON page_organization (organization);

CREATE INDEX feed_page ON feed (page, organization) WHERE page IS NOT NULL;

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

CREATE INDEX contact_email ON contact (email) WHERE email IS NOT NULL;

CREATE INDEX outbox_state ON outbox (state, channel, urgent, due_on, id) WHERE state IN ('pending', 'sending', 'deferred', 'unknown');

CREATE INDEX contact_order ON contact (organization, escalation_order, id, channel, email, valid_from, valid_to, webhook);

CREATE INDEX outbox_contact ON outbox (contact) WHERE contact IS NOT NULL;

CREATE TABLE context_part (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE, -- BLAKE2b-256 of json
  json TEXT NOT NULL
) STRICT;

CREATE TABLE message_part (
  outbox INTEGER NOT NULL REFERENCES outbox,
  part INTEGER NOT NULL REFERENCES context_part,
  PRIMARY KEY (outbox, part)
) STRICT, WITHOUT ROWID;
