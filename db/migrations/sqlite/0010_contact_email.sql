-- Who has which address: requests to a distributor are brought together by it.
CREATE INDEX contact_email ON contact (email) WHERE email IS NOT NULL;
