-- Pages handed out: for whom, under which token; and the feeds that a page offers.
-- Natural keys: page(token_hash) page_organization(page, organization)

CREATE TABLE page (
  id INTEGER PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at TEXT NOT NULL,
  revoked_at TEXT
) STRICT;

-- Which organizations it shows, each apart: somebody may serve several.
CREATE TABLE page_organization (
  page INTEGER NOT NULL REFERENCES page,
  organization INTEGER NOT NULL REFERENCES organization,
  PRIMARY KEY (page, organization)
) STRICT, WITHOUT ROWID;

CREATE INDEX page_organization_organization ON page_organization (organization);

ALTER TABLE feed ADD COLUMN page INTEGER REFERENCES page; -- which offers it; NULL: made for itself
ALTER TABLE feed ADD COLUMN lead_times INTEGER NOT NULL DEFAULT 0 CHECK (lead_times IN (0, 1)); -- the policy's lead times as events of their own

CREATE INDEX feed_page ON feed (page, organization) WHERE page IS NOT NULL;
