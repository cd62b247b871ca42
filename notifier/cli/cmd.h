#ifndef KIGEN_CLI_CMD_H
#define KIGEN_CLI_CMD_H

/* The commands: one row a file, cmd_NAME.c. command_table.c puts them in order. */

#include "notifier/cli/command.h"

extern const Command cmd_advisory;
extern const Command cmd_advisory_approve;
extern const Command cmd_advisory_draft;
extern const Command cmd_advisory_preview;
extern const Command cmd_advisory_publish;
extern const Command cmd_advisory_withdraw;
extern const Command cmd_audit;
extern const Command cmd_audit_export;
extern const Command cmd_audit_head;
extern const Command cmd_audit_verify;
extern const Command cmd_backup;
extern const Command cmd_bounce;
extern const Command cmd_check;
extern const Command cmd_contact;
extern const Command cmd_contact_erase;
extern const Command cmd_correction;
extern const Command cmd_deliver;
extern const Command cmd_deliver_sender;
extern const Command cmd_doctor;
extern const Command cmd_documents;
extern const Command cmd_extension;
extern const Command cmd_feed;
extern const Command cmd_help;
extern const Command cmd_import;
extern const Command cmd_init;
extern const Command cmd_maker;
extern const Command cmd_outbox;
extern const Command cmd_outbox_ack;
extern const Command cmd_outbox_handover_handed;
extern const Command cmd_outbox_handover_relayed;
extern const Command cmd_outbox_dossier;
extern const Command cmd_outbox_print;
extern const Command cmd_outbox_retry;
extern const Command cmd_outbox_handover_returned;
extern const Command cmd_outbox_handover_sent;
extern const Command cmd_page;
extern const Command cmd_plan;
extern const Command cmd_plan_approve;
extern const Command cmd_plan_assess;
extern const Command cmd_plan_diff;
extern const Command cmd_plan_discard;
extern const Command cmd_plan_history;
extern const Command cmd_plan_impact;
extern const Command cmd_plan_override;
extern const Command cmd_plan_present;
extern const Command cmd_plan_publish;
extern const Command cmd_plan_reject;
extern const Command cmd_plan_set;
extern const Command cmd_plan_show;
extern const Command cmd_plan_submit;
extern const Command cmd_plan_withdraw;
extern const Command cmd_report;
extern const Command cmd_restore;
extern const Command cmd_rules;
extern const Command cmd_schedule;
extern const Command cmd_serve;
extern const Command cmd_simulate;
extern const Command cmd_timeline;
extern const Command cmd_user;
extern const Command cmd_user_add;
extern const Command cmd_web;

#endif
