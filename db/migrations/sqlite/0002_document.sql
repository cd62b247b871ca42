-- Internal documents that answer the requirements of an application (planner/conformity.h), for a product or for one release of it.
-- Natural key: document(product, release or none, item).
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
