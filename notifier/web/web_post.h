#ifndef KIGEN_NOTIFIER_WEB_WEB_POST_H
#define KIGEN_NOTIFIER_WEB_WEB_POST_H

/* A form on its way through the service. Its handler is called twice: with the form, which it reads and gives
 * to the writer; and when that is done (web_post_is_back), to answer. While the writer works the connection
 * is suspended, and its thread serves others. */

#include "notifier/web/web_form.h"
#include "notifier/web/web_route.h"

#define WEB_POST_SIGNED "signed" /* the field that web_csrf.h makes; every form has it */

typedef enum {
  WEB_POST_READ,
  WEB_POST_STALE,   /* read, but its signed field does not hold: show it again, and do nothing else */
  WEB_POST_ANSWERED /* refused, with *ret_result */
} WebPostOutcome;

/* Reads the form `name` of the page of call->word: refuses what comes too often, from another site, or is no
 * such form. `known` are its fields, NULL-terminated, WEB_POST_SIGNED among them. */
WebPostOutcome web_post_read(WebCall *call, const char *name, const char *const *known, WebForm **ret_form,
                             enum MHD_Result *ret_result);

/* The signed field of form `name` on the page of `token`: own string; NULL: no form can be sent at present.
 */
char *web_post_signed(const WebCall *call, const char *token, const char *name);

/* Gives `work` with `data` (freed by `free_data` with the call) to the writer. The handler returns what this
 * returns, and is called again. */
enum MHD_Result web_post_write(WebCall *call, WebWriteWork work, gpointer data, GDestroyNotify free_data);

/* True when the handler is called the second time. */
bool web_post_is_back(const WebCall *call);

#endif
