-- What went to somebody is found by them: whether mail to an address came back last (REACH-1), what waits for who is erased.

CREATE INDEX outbox_contact ON outbox (contact) WHERE contact IS NOT NULL;
