#ifndef KIGEN_TESTS_DB_PLAN_MODEL_H
#define KIGEN_TESTS_DB_PLAN_MODEL_H

/* The rules of a revision's life once more, as small as they can be said and without a line of the program:
 * what test_plan_property.c holds the program to. One release, one market. */

#include <glib.h>
#include <stdbool.h>

/* A date: 20310331, MODEL_TBA or MODEL_UNKNOWN. */
typedef int ModelDate;
#define MODEL_UNKNOWN 0
#define MODEL_TBA (-1)

/* True when there is such a day. */
bool model_day_exists(int year, int month, int day);

/* What a plan says. declared: document, duties and the line `parts` with its last day. */
typedef struct {
  ModelDate available, eol, eos;
  bool declared;
  ModelDate parts; /* last day of the line, when declared */
} ModelContent;

typedef enum {
  MODEL_DRAFT,
  MODEL_SUBMITTED,
  MODEL_APPROVED,
  MODEL_PUBLISHED,
  MODEL_SUPERSEDED,
  MODEL_WITHDRAWN
} ModelState;

typedef enum { MODEL_LSP_3, MODEL_CHG_2 } ModelRule;

typedef struct {
  ModelRule rule;
  ModelContent content;
  int signer;
} ModelOverride;

typedef struct {
  int number;
  ModelState state;
  ModelContent content;
  guint writers;     /* bit (1 << user) */
  int approver;      /* of what stands there, 0: nobody */
  GArray *overrides; /* of ModelOverride */
} ModelRevision;

typedef struct {
  GPtrArray *revisions; /* of ModelRevision, by number */
  ModelDate last;       /* day of the last publication or withdrawal, or MODEL_UNKNOWN */
} Model;

Model *model_new(void);
void model_free(Model *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Model, model_free)

/* What a user may by its roles. */
typedef struct {
  int user;
  bool approves, signs;
} ModelPerson;

/* Each: whether the step is possible; if so, it is done to the model. */
bool model_set(Model *model, ModelPerson person, const ModelContent *content);
bool model_submit(Model *model, ModelPerson person, ModelDate today);
bool model_approve(Model *model, ModelPerson person, ModelDate today);
bool model_reject(Model *model, ModelPerson person, ModelDate today);
bool model_override(Model *model, ModelPerson person, ModelDate today, ModelRule rule);
bool model_publish(Model *model, ModelPerson person, ModelDate today);
bool model_withdraw(Model *model, ModelPerson person, ModelDate today);
bool model_discard(Model *model, ModelPerson person, ModelDate today);

/* "superseded 1, published 2, draft 3". Own string. */
char *model_describe(const Model *model);

#endif
