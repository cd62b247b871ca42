#ifndef KIGEN_DB_DEVICE_PLACE_H
#define KIGEN_DB_DEVICE_PLACE_H

/* Where a unit stands within its user's house, in SQL: department, location and asset number are the user's
 * own words, and may say who that is. The user reads them; so do the unit's owner, seller and repairer, and
 * the distributor who is asked to pass a notice on, unless the user is undisclosed (an alias behind a
 * distributor): then product and serial number have to do. */

/* `column` of the unit d, as organization `reader` may read it; else NULL. */
#define DEVICE_PLACE_READ(column, reader)                                                                    \
  "CASE WHEN d.organization = " reader                                                                       \
  " OR (SELECT disclosed FROM organization WHERE id = d.organization) = 1 THEN d." column " END"

/* Three columns: department, location, asset number. `reader`: SQL, a row id; 0: nobody in particular. */
#define DEVICE_PLACE_SQL(reader)                                                                             \
  DEVICE_PLACE_READ("department", reader)                                                                    \
  ", " DEVICE_PLACE_READ("location", reader) ", " DEVICE_PLACE_READ("asset_no", reader)

#endif
