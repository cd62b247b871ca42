#ifndef KIGEN_NOTIFIER_FEED_FEED_WORDS_H
#define KIGEN_NOTIFIER_FEED_FEED_WORDS_H

/* The words of a feed: facts into the contexts of the calendar templates (templates/CONTEXT.md), and those
 * rendered. */

#include "notifier/feed/feed_history.h"
#include "notifier/template/template_set.h"

typedef struct FeedWords FeedWords;

/* For a feed of `set` in `language` ("ja", "en"), signed by the maker whose fields (db/maker_store.h) are
 * `maker`. `page`: as in FeedStyle.
 * `templates`, `set` and `page` must live as long. */
FeedWords *feed_words_new(const TemplateSet *templates, const HeldSet *set, GHashTable *maker,
                          const char *language, const char *page);
void feed_words_free(FeedWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedWords, feed_words_free)

/* The calendar's name and what it is about (own strings); `truncated`: not all events found a place. Errors:
 * TEMPLATE_SET_ERROR, MUSTACHE_ERROR. */
bool feed_words_calendar(FeedWords *words, bool truncated, char **ret_name, char **ret_about, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Summary and description (own strings) of the event of `milestone` of `holding`, which is shown as `moment`
 * says, or (`lead`) of the one so many months before it. Events of one holding in a row are cheapest. Errors:
 * as above. */
bool feed_words_event(FeedWords *words, const Holding *holding, Milestone milestone, const FeedMoment *moment,
                      int lead, char **ret_summary, char **ret_description, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The product's name in the feed's language; belongs to `release`. */
const char *feed_words_product(const FeedWords *words, const HeldRelease *release);

#endif
