#ifndef KIGEN_TESTS_DB_OUTBOX_BASE_H
#define KIGEN_TESTS_DB_OUTBOX_BASE_H

/* A store with something to send: on top of base_store, plans in force, organizations, contacts, devices, and
 * three messages made by hand.
 *
 * Organizations: 1 KITA, a hospital, 3 pumps 1.0 (one of them disposed) and a lot of 4; 2 LEASE, a lessor
 * that owns two of KITA's; 3 CORP, a corporation of 4 SITE (a pump 2.0, no contact of its own). Contacts: 1
 * 佐藤 of KITA, 2 Smith (English) of LEASE, 3 of CORP without a name that matters. Plans (all published): 1
 * PUMP/1.0 revision 1 (superseded), 2 PUMP/1.0 revision 2 (EOL 2031-03-31, EOS 2033-03-31), 3 PUMP/2.0.
 * Notices: 1 plan-announcement of plan 1 (overtaken), 2 plan-change of plan 2, 3 eol-reminder (6 months) of
 * plan 2, 4 plan-announcement of plan 3. Messages: 1 to 佐藤: notices 1, 2, 3; 2 to Smith: notice 3; 3 to
 * CORP's contact: notice 4 for SITE; 4 a letter to SITE: notice 4. */

#include "tests/db/base.h"

Db *outbox_base_store(void);

#endif
