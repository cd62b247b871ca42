#include "tests/db/plan_model.h"

static const char *const state_words[] = { "draft",     "submitted",  "approved",
                                           "published", "superseded", "withdrawn" };

static int month_length(int year, int month)
{
  static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return month == 2 && leap ? 29 : lengths[month - 1];
}

bool model_day_exists(int year, int month, int day)
{
  return month >= 1 && month <= 12 && day >= 1 && day <= month_length(year, month);
}

static ModelDate two_years_after(ModelDate day)
{
  int year = day / 10000 + 2, month = day / 100 % 100;

  return year * 10000 + month * 100 + MIN(day % 100, month_length(year, month));
}

static void revision_free(gpointer data)
{
  ModelRevision *revision = data;

  g_array_unref(revision->overrides);
  g_free(revision);
}

Model *model_new(void)
{
  Model *model = g_new0(Model, 1);

  model->revisions = g_ptr_array_new_with_free_func(revision_free);
  return model;
}

void model_free(Model *model)
{
  g_ptr_array_unref(model->revisions);
  g_free(model);
}

static ModelRevision *find(const Model *model, ModelState from, ModelState to)
{
  for (guint i = 0; i < model->revisions->len; i++) {
    ModelRevision *revision = model->revisions->pdata[i];

    if (revision->state >= from && revision->state <= to)
      return revision;
  }
  return NULL;
}

static ModelRevision *open_one(const Model *model)
{
  return find(model, MODEL_DRAFT, MODEL_APPROVED);
}

static ModelRevision *in_force(const Model *model)
{
  return find(model, MODEL_PUBLISHED, MODEL_PUBLISHED);
}

static bool same(const ModelContent *a, const ModelContent *b)
{
  return a->available == b->available && a->eol == b->eol && a->eos == b->eos && a->declared == b->declared &&
         (!a->declared || a->parts == b->parts);
}

static bool wrote(const ModelRevision *revision, ModelPerson person)
{
  return (revision->writers & (1u << person.user)) != 0;
}

/* Nothing is done on a day before the last publication or withdrawal. */
static bool clock_holds(const Model *model, ModelDate today)
{
  return model->last == MODEL_UNKNOWN || today >= model->last;
}

/* LSP-1 and ORD-1: not even a draft. */
static bool may_be_stored(const ModelContent *content)
{
  if (content->eol <= 0 || content->eos <= 0)
    return true;
  return content->eol < content->eos || (content->eol == content->eos && content->declared);
}

static bool breaks_lsp_3(const ModelContent *content)
{
  return content->eol > 0 && content->eol == content->eos && content->declared;
}

/* A date that moves earlier and leaves less than 24 months. */
static bool is_hasty(ModelDate was, ModelDate now, ModelDate today)
{
  return was > 0 && now > 0 && now < was && now < two_years_after(today);
}

static bool breaks_chg_2(const Model *model, const ModelContent *content, ModelDate today)
{
  const ModelRevision *old = in_force(model);

  if (old == NULL)
    return false;
  ModelDate line_was = old->content.declared ? old->content.parts : MODEL_UNKNOWN;
  ModelDate line_now = content->declared ? content->parts : today; /* dropped: it ends today */

  return is_hasty(old->content.eol, content->eol, today) || is_hasty(old->content.eos, content->eos, today) ||
         is_hasty(line_was, line_now, today);
}

/* What no signature lifts. The reason is always given, and there is a security contact. */
static bool breaks_another(const ModelContent *content, ModelDate today)
{
  bool eol = content->eol > 0, eos = content->eos > 0, available = content->available > 0;

  return ((eol || eos) && !content->declared) || (eos && !eol) ||
         (eol && content->eos == MODEL_TBA && today >= content->eol) ||
         (available && eol && content->available > content->eol) ||
         (available && !eol && eos && content->available > content->eos);
}

static bool is_overridden(const ModelRevision *revision, ModelRule rule)
{
  for (guint i = 0; i < revision->overrides->len; i++) {
    const ModelOverride *override = &g_array_index(revision->overrides, ModelOverride, i);

    if (override->rule == rule && same(&override->content, &revision->content) &&
        (revision->writers & (1u << override->signer)) == 0)
      return true;
  }
  return false;
}

bool model_set(Model *model, ModelPerson person, const ModelContent *content)
{
  ModelRevision *revision = open_one(model), *old = in_force(model);
  const ModelRevision *before = revision != NULL ? revision : old;
  int number = 1;

  if (!may_be_stored(content))
    return false;
  if (before != NULL && same(&before->content, content))
    return true;
  if (revision == NULL) {
    for (guint i = 0; i < model->revisions->len; i++)
      number = MAX(number, ((ModelRevision *)model->revisions->pdata[i])->number + 1);
    revision = g_new0(ModelRevision, 1);
    revision->number = number;
    revision->overrides = g_array_new(FALSE, FALSE, sizeof(ModelOverride));
    g_ptr_array_add(model->revisions, revision);
  }
  revision->state = MODEL_DRAFT;
  revision->content = *content;
  revision->writers |= 1u << person.user;
  revision->approver = 0;
  return true;
}

bool model_submit(Model *model, ModelPerson person, ModelDate today)
{
  ModelRevision *revision = open_one(model);

  if (revision == NULL || revision->state != MODEL_DRAFT || !clock_holds(model, today) ||
      breaks_another(&revision->content, today))
    return false;
  revision->state = MODEL_SUBMITTED;
  revision->writers |= 1u << person.user;
  return true;
}

bool model_approve(Model *model, ModelPerson person, ModelDate today)
{
  ModelRevision *revision = open_one(model);

  if (revision == NULL || revision->state != MODEL_SUBMITTED || !clock_holds(model, today) ||
      !person.approves || wrote(revision, person))
    return false;
  revision->state = MODEL_APPROVED;
  revision->approver = person.user;
  return true;
}

bool model_reject(Model *model, ModelPerson person, ModelDate today)
{
  ModelRevision *revision = open_one(model);

  if (revision == NULL || revision->state == MODEL_DRAFT || !clock_holds(model, today) || !person.approves ||
      wrote(revision, person))
    return false;
  revision->state = MODEL_DRAFT;
  revision->approver = 0;
  return true;
}

bool model_override(Model *model, ModelPerson person, ModelDate today, ModelRule rule)
{
  ModelRevision *revision = open_one(model);

  if (revision == NULL || !clock_holds(model, today) || !person.signs || wrote(revision, person) ||
      is_overridden(revision, rule) ||
      !(rule == MODEL_LSP_3 ? breaks_lsp_3(&revision->content)
                            : breaks_chg_2(model, &revision->content, today)))
    return false;
  ModelOverride override = { rule, revision->content, person.user };

  g_array_append_val(revision->overrides, override);
  return true;
}

bool model_publish(Model *model, ModelPerson person, ModelDate today)
{
  ModelRevision *revision = open_one(model), *old = in_force(model);

  if (revision == NULL || revision->state != MODEL_APPROVED || !clock_holds(model, today) ||
      breaks_another(&revision->content, today) ||
      (breaks_lsp_3(&revision->content) && !is_overridden(revision, MODEL_LSP_3)) ||
      (breaks_chg_2(model, &revision->content, today) && !is_overridden(revision, MODEL_CHG_2)))
    return false;
  if (old != NULL)
    old->state = MODEL_SUPERSEDED;
  revision->state = MODEL_PUBLISHED;
  model->last = today;
  return true;
}

bool model_withdraw(Model *model, ModelPerson person, ModelDate today)
{
  ModelRevision *revision = in_force(model);

  if (revision == NULL || !clock_holds(model, today) || !person.approves || wrote(revision, person))
    return false;
  revision->state = MODEL_WITHDRAWN;
  model->last = today;
  return true;
}

bool model_discard(Model *model, ModelPerson person, ModelDate today)
{
  ModelRevision *revision = open_one(model);

  if (revision == NULL || !clock_holds(model, today))
    return false;
  g_ptr_array_remove(model->revisions, revision);
  return true;
}

char *model_describe(const Model *model)
{
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < model->revisions->len; i++) {
    const ModelRevision *revision = model->revisions->pdata[i];

    g_string_append_printf(text, "%s%s %d", i > 0 ? ", " : "", state_words[revision->state],
                           revision->number);
  }
  return g_string_free(text, FALSE);
}
