#ifndef KIGEN_CLI_CLI_H
#define KIGEN_CLI_CLI_H

/* What one run of the program knows: the global options, the store it opened, its configuration, who acts and
 * what day it is. Every command gets it. */

#include "db/audit.h"
#include "notifier/cli/args.h"
#include "notifier/cli/cli_error.h"
#include "notifier/cli/config.h"
#include "notifier/cli/term.h"
#include "planner/plan_date.h"

#include <jansson.h>

typedef struct Cli Cli;

/* json_t, freed by json_decref. */
typedef json_t Json;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, json_decref)

/* The global options, accepted before and after the command. */
extern const ArgOption cli_options[];
/* `--by NAME` and `--reason TEXT`, for commands that write. */
extern const ArgOption cli_by_option[];
extern const ArgOption cli_reason_option[];

/* `args` hold the global options and stay valid as long as the Cli. */
Cli *cli_new(const Args *args);
void cli_free(Cli *cli);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cli, cli_free)

/* What runs: `path` as users type it ("kigen plan set", for messages; stays valid), and the roles (ROLE_BITs)
 * that may, in a store that has users. Before the command does. */
void cli_set_command(Cli *cli, const char *path, guint roles);

/* An option, else the environment variable (an empty one counts as not set), else NULL. */
const char *cli_setting(const Cli *cli, const char *option, const char *variable);

/* True when one JSON document is asked for instead of text. */
bool cli_json(const Cli *cli);
/* Store URL: --store, else KIGEN_STORE, else sqlite:./kigen.db. */
const char *cli_store_url(const Cli *cli);

/* The file that URL names. */
const char *cli_store_path(const Cli *cli);
/* True when the user's locale is Japanese: which of two texts to show where there is room for one. */
bool cli_is_japanese(void);

/* The store, opened on the first call and then the same; `mode` is DB_READ or DB_WRITE. Owned by `cli`. */
bool cli_store(Cli *cli, DbMode mode, Db **ret_db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The configuration that lies beside the store, read on the first call. Owned by `cli`. */
bool cli_config(Cli *cli, const Config **ret_config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a command that may write the file: no error that it is missing where KIGEN_CONFIG says. */
bool cli_config_or_defaults(Cli *cli, const Config **ret_config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The policy in force: the built-in or own profile that kigen.conf names. Owned by `cli`. */
bool cli_policy(Cli *cli, const Policy **ret_policy, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when --today or KIGEN_TODAY says what today is. */
bool cli_has_today(const Cli *cli);
/* Today: --today, else KIGEN_TODAY, else the real day in the configured time zone. */
bool cli_today(Cli *cli, Day *ret_today, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When, on which day, and who by --by, else the operating system's user: nothing is proven. For what is read,
 * and for what has no users yet. Strings belong to `cli`. */
bool cli_context(Cli *cli, const Args *args, AuditContext *ret_context, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The same for whoever writes, and the store opened for writing. Once the store has users the context is of
 * one of them, proven (cli_user.h), enabled, and in a role that the command is for. A given "today" is
 * refused unless the store was made by `init --simulation`. */
bool cli_write(Cli *cli, const Args *args, Db **ret_db, AuditContext *ret_context, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The same for a service, which decides nothing: once the store has users, kigen itself acts. May be called
 * again and again. */
bool cli_write_as_kigen(Cli *cli, const Args *args, Db **ret_db, AuditContext *ret_context, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Makes `context` that of whoever proves to be a user of `db`, in a role that the command is for; leaves it
 * as it is when the store has none. For a command that does not write through cli_write. */
bool cli_act(Cli *cli, const Args *args, Db *db, AuditContext *context, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Reads a day in any form of planner/date_text.h; `what` names it in the error. Errors: CLI_ERROR_USAGE. */
bool cli_parse_day(const char *text, const char *what, Day *ret_day, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Reads the day that option `name` gives, in any form of planner/date_text.h; *ret_day is untouched when it
 * is not given. */
bool cli_day_option(const Args *args, const char *name, Day *ret_day, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Prints `document` on standard output, with a line end (the program checks at its end whether all could be
 * written). */
void cli_print_json(const Json *document);
/* The same, as the only member `name` of an object: a list that later versions can add something to. */
void cli_print_json_list(const char *name, Json *list);
/* JSON of a date: "2031-03-31", "tba" or null. */
Json *cli_json_date(PlanDate date);
Json *cli_json_day(Day day);
/* A text or null. */
Json *cli_json_text(const char *text);

/* The exit code of a command that did its work and found something: kept when `run` returns true. */
void cli_set_exit(Cli *cli, CliExit code);
CliExit cli_exit(const Cli *cli);

/* Prints "kigen: message" on standard error. */
void cli_report(const GError *error);
/* Prints "kigen: warning: message" on standard error. */
void cli_warn(const char *format, ...) G_GNUC_PRINTF(1, 2);

#endif
