#ifndef KIGEN_TESTS_DB_CONTACT_BASE_H
#define KIGEN_TESTS_DB_CONTACT_BASE_H

/* A store whose people leave traces: on top of base_store, today 2031-03-31, plans in force for PUMP/1.0 (1,
 * EOS 2038-03-31) and PUMP/2.0 (2, the same).
 *
 * Organizations: 1 KITA (3 pumps 1.0), 2 CORP without units, 3 SITE of CORP (a pump 1.0, no contact of its
 * own), 4 OLD (its last pump went on 2027-03-31), 5 NEW (never had one), 6 OWN of CORP (a pump, its own
 * contact).
 * Contacts: 1 佐藤 太郎 of KITA (ended 2030-12-31), 2 鈴木 花子 of KITA, 3 田中 実 of CORP (ended
 * 2031-01-31), 4 佐藤 太郎 of CORP (the same person as 1), 5 高橋 誠 of OLD (in charge), 6 伊藤 学 of NEW, 7
 * 渡辺 恵 of OWN. Messages: 1 to 1, accepted; 2 to 1, pending; 3 to 3 about SITE, accepted; 4 to 2, accepted;
 * 5 to 3 about SITE, deferred. What relays answered, contexts, an acknowledgement and a presentation name
 * their people. */

#include "db/contact_list.h"
#include "tests/db/base.h"

Db *contact_base_store(void);

/* The contact `name` of `organization`; to be freed. */
ContactRow *contact_base_find(Db *db, const char *organization, const char *name);

#endif
