#include "db/held_market.h"

/* What comes of it, while it is made. */
typedef struct {
  const GPtrArray *all; /* everywhere, then own */
  guint first_own;
  GPtrArray *arranged;
  int number; /* the last one's, as its market counts */
} Arranging;

static const HeldRevision *revision_at(const Arranging *arranging, guint i)
{
  return arranging->all->pdata[i];
}

static Day withdrawn_on(const HeldRevision *revision)
{
  return revision->withdrawn_on != DAY_NONE ? revision->withdrawn_on : revision->published_on;
}

static bool is_withdrawn_by(const HeldRevision *revision, Day day)
{
  return revision->withdrawn && withdrawn_on(revision) <= day;
}

/* Appends a copy of `revision`, which concerned the organization until `until`. */
static HeldRevision *append(Arranging *arranging, const HeldRevision *revision, Day until)
{
  guint n = arranging->arranged->len;
  const HeldRevision *last = n > 0 ? arranging->arranged->pdata[n - 1] : NULL;
  HeldRevision *copy = held_revision_copy(revision);

  if (last != NULL && last->own_market == revision->own_market)
    copy->revision = last->revision + MAX(revision->revision - arranging->number, 1);
  else if (last != NULL)
    copy->revision = last->revision + 1;
  copy->withdrawn = is_withdrawn_by(revision, until);
  arranging->number = revision->revision;
  g_ptr_array_add(arranging->arranged, copy);
  return copy;
}

/* Appends what was published for every market after `after` up to and with `until`. */
static void append_everywhere(Arranging *arranging, Day after, Day until)
{
  for (guint i = 0; i < arranging->first_own; i++) {
    const HeldRevision *revision = revision_at(arranging, i);

    if (revision->published_on > after && revision->published_on <= until)
      append(arranging, revision, until);
  }
}

/* Appends what was in force for every market when the own plan `ended` was withdrawn. */
static void come_back(Arranging *arranging, const HeldRevision *ended, Day until)
{
  Day day = withdrawn_on(ended);
  guint n = arranging->first_own;

  while (n > 0 && revision_at(arranging, n - 1)->published_on > day)
    n--;
  if (n == 0 || is_withdrawn_by(revision_at(arranging, n - 1), day))
    return;

  HeldRevision *back = append(arranging, revision_at(arranging, n - 1), until);

  back->published_on = day;
  g_free(back->published_at);
  back->published_at = g_strdup(ended->withdrawn_at != NULL ? ended->withdrawn_at : ended->published_at);
}

void held_market_arrange(GPtrArray *revisions)
{
  Arranging arranging = { .all = revisions };

  while (arranging.first_own < revisions->len && !revision_at(&arranging, arranging.first_own)->own_market)
    arranging.first_own++;
  if (arranging.first_own == revisions->len)
    return;
  arranging.arranged = g_ptr_array_new();
  append_everywhere(&arranging, DAY_NONE, revision_at(&arranging, arranging.first_own)->published_on);
  for (guint i = arranging.first_own; i < revisions->len; i++) {
    const HeldRevision *own = revision_at(&arranging, i);
    Day until = i + 1 < revisions->len ? revision_at(&arranging, i + 1)->published_on : G_MAXUINT32;

    append(&arranging, own, G_MAXUINT32);
    if (own->withdrawn) {
      come_back(&arranging, own, until);
      append_everywhere(&arranging, withdrawn_on(own), until);
    }
  }
  g_ptr_array_set_size(revisions, 0);
  g_ptr_array_extend_and_steal(revisions, arranging.arranged);
}
