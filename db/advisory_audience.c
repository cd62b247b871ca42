#include "db/advisory_audience.h"

#include "db/contact_reach.h"

#define OWN_CONTACT CONTACT_OWN_SQL("m.organization", "$2", "")
#define PARENTS_CONTACT CONTACT_ABOVE_SQL("m.organization", "$2", "")

bool advisory_audience_remember_told(Db *db, gint64 advisory, gint64 *ret_told, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO told (organization) SELECT x.organization FROM advisory v JOIN advisory old"
    "   ON old.serial = v.serial AND old.revision <= v.revision JOIN notice n ON n.advisory = old.id"
    "   AND n.kind <> 'withdrawal' JOIN outbox_notice x ON x.notice = n.id JOIN outbox o ON o.id = x.outbox"
    "   AND o.state IN " OUTBOX_TOLD_STATES " WHERE v.id = $1"
    " UNION SELECT a.organization FROM advisory v JOIN advisory old ON old.serial = v.serial"
    "   AND old.revision <= v.revision JOIN notice n ON n.advisory = old.id AND n.kind <> 'withdrawal'"
    "   JOIN acknowledgement a ON a.notice = n.id WHERE v.id = $1"
  };
  DbStatement *statement;

  if (!audience_clear_told(db, error) || !db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, advisory);
  if (!db_run(statement, error))
    return false;
  *ret_told = db_changes(db);
  return true;
}

#define FILL(meant)                                                                                          \
  "INSERT INTO audience (organization, contact, through, channel)"                                           \
  " SELECT a.organization, coalesce(c.id, 0), coalesce(c.organization, a.organization),"                     \
  "   coalesce(k.channel, 'letter')"                                                                         \
  " FROM (SELECT m.organization, coalesce(" OWN_CONTACT ", " PARENTS_CONTACT ") AS contact FROM (" meant     \
  ") m) a LEFT JOIN contact k ON k.id = a.contact LEFT JOIN contact c ON c.id = " CONTACT_REQUESTED_SQL(     \
      "k", "$2")

bool advisory_audience_fill(Db *db, gint64 advisory, AdvisoryAudience which, Day today,
                            gint64 *ret_organizations, GError **error)
{
  static const DbQuery queries[] = {
    [ADVISORY_AUDIENCE_PUBLISHED] = { FILL("SELECT h.organization" ADVISORY_HOLDERS(
        "$1") " UNION SELECT t.organization FROM told t WHERE $1 > 0") },
    [ADVISORY_AUDIENCE_NEWCOMERS] = { FILL("SELECT DISTINCT h.organization" ADVISORY_HOLDERS(
        "$1") " AND hv.state = 'published' AND NOT EXISTS (SELECT 1 FROM notice n JOIN outbox_notice x ON "
              "x.notice = n.id"
              "   AND x.organization = h.organization WHERE n.advisory = $1)") },
    [ADVISORY_AUDIENCE_TOLD] = { FILL("SELECT t.organization FROM told t WHERE $1 > 0") },
  };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!audience_clear(db, error) || !db_prepare(db, &queries[which], &statement, error))
    return false;
  db_bind_int(statement, 1, advisory);
  db_bind_text(statement, 2, day_format(today, day));
  if (!db_run(statement, error))
    return false;
  *ret_organizations = db_changes(db);
  return true;
}
