-- A contact that is a program: notices of channel 'webhook' are posted to this address.

ALTER TABLE contact ADD COLUMN webhook TEXT CHECK (webhook IS NULL
  OR (erased_on IS NULL AND lower(substr(webhook, 1, 8)) = 'https://' AND length(webhook) BETWEEN 9 AND 2000));
