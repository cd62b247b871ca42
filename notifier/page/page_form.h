#ifndef KIGEN_NOTIFIER_PAGE_PAGE_FORM_H
#define KIGEN_NOTIFIER_PAGE_PAGE_FORM_H

/* A form as a page shows it: empty, or again with what was typed and what is wrong with it, so that nothing
 * has to be typed twice. The words for what is wrong stand in the templates (form-error). */

#include "notifier/page/page_frame.h"

/* What is wrong with a field: "person", "person_missing". Static strings. */
typedef struct {
  const char *field, *key;
} PageFormError;

/* What a form is shown with. Nothing is owned. */
typedef struct {
  const char *signed_field;                                    /* NULL: no form is taken at present */
  const char *(*value)(gconstpointer sent, const char *field); /* what was typed, "" for nothing */
  gconstpointer sent;                                          /* its argument; NULL: nothing was sent */
  const char *const *fields;                                   /* NULL-terminated */
  const GArray *errors;                                        /* PageFormError; NULL: none */
  const char *state;  /* "done", "stale" (it lay open for too long), "busy", "conflict"; or NULL */
  const char *chosen; /* the word of ?kind=, for a page with several forms; or NULL */
} PageForm;

/* Sets in `context` what is true of the page: <state>: true, signed, action (the page's own path with its
 * language; `tail` comes behind frame->path), errors [ { field, anchor, is { <key>: true } } ], any_error.
 * The anchor is that of the form that was sent. */
void page_form_set(json_t *context, const PageFrame *frame, const PageForm *form, const char *tail,
                   const char *anchor);

/* One form on it: { anchor, values { <field> }, wrong { <field> { is { <key>: true } } } }; values and wrong
 * only where it is the one that was sent. A new reference. */
json_t *page_form_json(const PageForm *form, const char *anchor, bool own);

/* True where the field `field` was sent with `value`. */
bool page_form_is(const PageForm *form, const char *field, const char *value);

/* The same with a number. */
bool page_form_is_number(const PageForm *form, const char *field, gint64 value);

#endif
