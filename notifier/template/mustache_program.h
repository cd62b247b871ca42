#ifndef KIGEN_NOTIFIER_TEMPLATE_MUSTACHE_PROGRAM_H
#define KIGEN_NOTIFIER_TEMPLATE_MUSTACHE_PROGRAM_H

/* What a Mustache template compiles to: a flat list of operations; a section knows where it ends. For
 * mustache.c and mustache_render.c only. */

#include "notifier/template/mustache.h"

typedef enum { OP_TEXT, OP_VALUE, OP_RAW, OP_SECTION, OP_INVERTED, OP_PARTIAL } MustacheOpKind;

/* A part of a name; without text behind the last. */
typedef struct {
  const char *text; /* of template->words */
  gsize length;
} MustachePart;

typedef struct {
  MustacheOpKind kind;
  bool line_start;  /* TEXT: a line begins with it, and an indentation goes in front */
  bool standalone;  /* PARTIAL: alone on its line, so that an indentation goes into it */
  const char *at;   /* in the source */
  const char *text; /* TEXT: in the source; PARTIAL: the white space before it, own, or NULL */
  gsize length;
  const char *name;        /* a tag's, as written */
  MustachePart *path;      /* VALUE, RAW, SECTION, INVERTED: the name's parts; no part at all for {{.}} */
  gsize next;              /* SECTION, INVERTED: the operation after the closing tag */
  const Mustache *partial; /* PARTIAL, linked */
} MustacheOp;

struct Mustache {
  char *name;
  char *source;
  gsize length;
  MustacheEscape escape;
  GArray *ops; /* MustacheOp */
  GStringChunk *words;
};

/* Fills template->ops from template->source. Errors: MUSTACHE_ERROR_SYNTAX. */
bool mustache_program_compile(Mustache *template, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
