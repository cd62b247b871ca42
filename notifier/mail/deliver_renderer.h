#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_RENDERER_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_RENDERER_H

/* Renders messages ahead of the senders, in a few threads, each with a connection of its own that only reads.
 */

#include "notifier/mail/deliver_render.h"

typedef struct DeliverRenderer DeliverRenderer;

/* For the store at `path` (db_path). It is opened when the first message comes. */
DeliverRenderer *deliver_renderer_new(const char *path);
/* Ends the threads. What was given and not taken back is freed. */
void deliver_renderer_free(DeliverRenderer *renderer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DeliverRenderer, deliver_renderer_free)

/* Gives `items` (DeliverItem, taken with the array) to be rendered in `style`, dated `now`. `version`: what
 * the giver wants to know again when it takes them. */
void deliver_renderer_give(DeliverRenderer *renderer, DeliverStyle *style, const char *now, gint64 version,
                           GPtrArray *items);

/* Takes an array back that is finished, not always in the order given, without waiting: *ret_items NULL when
 * there is none. After an error of the store the items are as they were given, and *ret_problem says why
 * (own). */
void deliver_renderer_take(DeliverRenderer *renderer, GPtrArray **ret_items, gint64 *ret_version,
                           GError **ret_problem);

/* Messages given and not taken back yet. */
guint deliver_renderer_busy(const DeliverRenderer *renderer);

/* Becomes readable when something is finished. */
int deliver_renderer_descriptor(const DeliverRenderer *renderer);

#endif
