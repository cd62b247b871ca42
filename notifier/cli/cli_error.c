#include "notifier/cli/cli_error.h"

#include "db/advisory_step.h"
#include "db/assessment_store.h"
#include "db/audit_export.h"
#include "db/contact_list.h"
#include "db/correction_store.h"
#include "db/db.h"
#include "db/dossier_store.h"
#include "db/extension_store.h"
#include "db/feed_store.h"
#include "db/handover_store.h"
#include "db/link_key.h"
#include "db/page_store.h"
#include "db/plan_step.h"
#include "db/presentation_store.h"
#include "db/user_store.h"
#include "notifier/exchange/import_error.h"
#include "notifier/exchange/values.h"
#include "notifier/mail/dossier.h"
#include "notifier/mail/transport.h"
#include "planner/date_text.h"
#include "planner/service_terms.h"
#include "planner/user_name.h"
#include "planner/web_address.h"

#define ANY_CODE (-1)

G_DEFINE_QUARK(kigen - cli - error, cli_error)

/* The first row that fits counts; what fits none is the environment's. */
typedef struct {
  GQuark (*domain)(void);
  int code;
  CliExit exit;
} ExitRow;

static const ExitRow exit_rows[] = {
  { cli_error_quark, CLI_ERROR_REFUSED, CLI_EXIT_REFUSED },
  { cli_error_quark, CLI_ERROR_USAGE, CLI_EXIT_USAGE },
  { db_error_quark, DB_ERROR_URL, CLI_EXIT_USAGE },
  { db_error_quark, DB_ERROR_EXISTS, CLI_EXIT_REFUSED },
  { db_error_quark, DB_ERROR_CONSTRAINT, CLI_EXIT_REFUSED },
  { contact_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { link_key_error_quark, LINK_KEY_ERROR_EXISTS, CLI_EXIT_REFUSED },
  { sign_key_error_quark, SIGN_KEY_ERROR_EXISTS, CLI_EXIT_REFUSED },
  { advisory_step_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { advisory_store_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { audit_head_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { assessment_store_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { audit_export_error_quark, AUDIT_EXPORT_ERROR_FORM, CLI_EXIT_REFUSED },
  { import_error_quark, IMPORT_ERROR_REJECTS, CLI_EXIT_ENVIRONMENT },
  { import_error_quark, IMPORT_ERROR_INTERRUPTED, CLI_EXIT_ENVIRONMENT },
  { import_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { correction_store_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { extension_store_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { feed_store_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { page_store_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { presentation_store_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { dossier_store_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { dossier_error_quark, DOSSIER_ERROR_FORM, CLI_EXIT_REFUSED },
  { handover_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { user_store_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { user_name_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { transport_error_quark, TRANSPORT_ERROR_URL, CLI_EXIT_USAGE },
  { plan_step_error_quark, PLAN_STEP_ERROR_REFUSED, CLI_EXIT_REFUSED },
  { plan_step_error_quark, PLAN_STEP_ERROR_CLOCK, CLI_EXIT_ENVIRONMENT },
  { date_text_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { service_terms_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { web_address_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
  { values_error_quark, ANY_CODE, CLI_EXIT_REFUSED },
};

CliExit cli_error_exit(const GError *error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(exit_rows); i++)
    if (error->domain == exit_rows[i].domain() &&
        (exit_rows[i].code == ANY_CODE || exit_rows[i].code == error->code))
      return exit_rows[i].exit;
  return CLI_EXIT_ENVIRONMENT;
}
