#ifndef KIGEN_NOTIFIER_MAIL_LETTER_CALENDAR_H
#define KIGEN_NOTIFIER_MAIL_LETTER_CALENDAR_H

/* milestones.ics, the calendar attached to a letter, from the letter's context alone: the words are those of
 * the calendar templates, UID, SEQUENCE and LAST-MODIFIED those of the organization's feed (letter_events.h).
 */

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

#include "notifier/feed/feed.h"
#include "notifier/template/template_set.h"

/* Every event of every notice, each UID once. `blocks`: what is remembered of calendars (feed.h), or NULL.
 * *ret_bytes is NULL when there is none. Errors: TEMPLATE_SET_ERROR, MUSTACHE_ERROR, FEED_ERROR. */
bool letter_calendar_render(const TemplateSet *templates, const json_t *context, FeedBlockMemo *blocks,
                            GBytes **ret_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
