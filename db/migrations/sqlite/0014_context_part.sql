-- What many messages say in the same words is kept once: a message's context names its parts by their hash.

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
