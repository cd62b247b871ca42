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

/* A moment: an instant orders what happened on one day. */
typedef struct {
  Day day;
  const char *at; /* or NULL: when the day began */
} Moment;

#define FOR_EVER                                                                                             \
  (Moment)                                                                                                   \
  {                                                                                                          \
    G_MAXUINT32, NULL                                                                                        \
  }

static Moment published(const HeldRevision *revision)
{
  return (Moment){ revision->published_on, revision->published_at };
}

static Moment withdrawn(const HeldRevision *revision)
{
  return revision->withdrawn_on != DAY_NONE ? (Moment){ revision->withdrawn_on, revision->withdrawn_at }
                                            : published(revision);
}

static bool is_after(Moment a, Moment b)
{
  return a.day != b.day ? a.day > b.day : g_strcmp0(a.at, b.at) > 0;
}

static bool is_withdrawn_by(const HeldRevision *revision, Moment moment)
{
  return revision->withdrawn && !is_after(withdrawn(revision), moment);
}

/* Appends a copy of `revision`, which concerned the organization until `until`. */
static HeldRevision *append(Arranging *arranging, const HeldRevision *revision, Moment until)
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
static void append_everywhere(Arranging *arranging, Moment after, Moment until)
{
  for (guint i = 0; i < arranging->first_own; i++) {
    const HeldRevision *revision = revision_at(arranging, i);

    if (is_after(published(revision), after) && !is_after(published(revision), until))
      append(arranging, revision, until);
  }
}

/* Appends what was in force for every market when the own plan `ended` was withdrawn. */
static void come_back(Arranging *arranging, const HeldRevision *ended, Moment until)
{
  Moment moment = withdrawn(ended);
  guint n = arranging->first_own;

  while (n > 0 && is_after(published(revision_at(arranging, n - 1)), moment))
    n--;
  if (n == 0 || is_withdrawn_by(revision_at(arranging, n - 1), moment))
    return;

  HeldRevision *back = append(arranging, revision_at(arranging, n - 1), until);

  back->published_on = moment.day;
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
  append_everywhere(&arranging, (Moment){ DAY_NONE, NULL },
                    published(revision_at(&arranging, arranging.first_own)));
  for (guint i = arranging.first_own; i < revisions->len; i++) {
    const HeldRevision *own = revision_at(&arranging, i);
    Moment until = i + 1 < revisions->len ? published(revision_at(&arranging, i + 1)) : FOR_EVER;

    append(&arranging, own, FOR_EVER);
    if (own->withdrawn) {
      come_back(&arranging, own, until);
      append_everywhere(&arranging, withdrawn(own), until);
    }
  }
  g_ptr_array_set_size(revisions, 0);
  g_ptr_array_extend_and_steal(revisions, arranging.arranged);
}
