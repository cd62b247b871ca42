#ifndef KIGEN_NOTIFIER_MAIL_DELIVER_RENDER_H
#define KIGEN_NOTIFIER_MAIL_DELIVER_RENDER_H

/* From a leased message to the bytes that go: rendered anew, or the same again. Reads only. */

#include "db/link_key.h"
#include "notifier/mail/deliver_item.h"
#include "notifier/mail/letter.h"

/* What the mails of one day's round share: made once, then never changed, and used by several threads. */
typedef struct DeliverStyle DeliverStyle;

typedef struct {
  Day today;
  const char *from_name;    /* or NULL: the maker's */
  const char *from_address; /* From */
  const char *return_path;  /* envelope sender */
  bool verp;                /* each mail has one of its own (verp.h), made of `key` */
  const char *base_url;     /* of the web service */
  const LinkKey *key;       /* for return paths, and links and codes in the letters; or NULL; stays */
  const char *reply_to;     /* or NULL */
  const char *uid_domain;
  const char *audit_head; /* or NULL */
  GHashTable *maker;
  const TemplateSet *templates; /* stays */
} DeliverStyleOptions;

/* Copies what is not said to stay; takes a reference to `maker`. */
DeliverStyle *deliver_style_new(const DeliverStyleOptions *options);
DeliverStyle *deliver_style_ref(DeliverStyle *style);
void deliver_style_unref(DeliverStyle *style);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DeliverStyle, deliver_style_unref)

/* Renders `item`, with what `memo` (or NULL) has of letters before it, as it is in the store now, dated `now`
 * (UTC instant), inside a read or the write transaction: context, bytes and envelope. What may have arrived
 * already is what went before, word for word; what was put off is as it was unless a notice was overtaken or
 * the address mended. A message whose notices are all overtaken, and one that cannot be composed, gets its
 * outcome instead. What `item` had of it is replaced. Errors: DB_ERROR, TEMPLATE_SET_ERROR. */
bool deliver_render(Db *db, const DeliverStyle *style, LetterMemo *memo, const char *now, DeliverItem *item,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
