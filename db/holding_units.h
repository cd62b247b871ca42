#ifndef KIGEN_DB_HOLDING_UNITS_H
#define KIGEN_DB_HOLDING_UNITS_H

/* Which units count for holdings, pairs and extensions, in SQL: one answer for all three. */

/* The unit d is not gone. */
#define HOLDING_UNITS_COUNT " d.status IN ('in-use', 'spare', 'isolated', 'unknown')"

/* The custody c of the unit d lasts on day $2, and the unit counts. Its user's is not among them: that is
 * device.organization. */
#define HOLDING_UNITS_LASTING                                                                                \
  "c.role IN ('owner', 'seller', 'repairer') AND (c.until IS NULL OR c.until >= $2) AND" HOLDING_UNITS_COUNT

#endif
