/* smscrypto - which key did this server use when, and where is it now?
 *
 * A table of commands; each is a file of its own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static int run_formats(const request *q);
static int run_rules(const request *q);
static int run_knowledge(const request *q);
static int run_version(const request *q);
static int run_help(const request *q);

static const command commands[] = {
	{ "timeline", "SOURCE...", "what happened to the keys, in order of time",
	  "A SOURCE is a directory, an archive, a .bkf or a file; several are several snapshots of\n"
	  "one machine.  A folder with nothing but backups in it stands for each of them.  NAME=PATH\n"
	  "gives a snapshot a name.",
	  "text jsonl csv bodyfile timesketch l2tcsv", "stkr", run_timeline },
	{ "diagnose", "SOURCE...", "what happened to the keys, and what has to be done",
	  "First what happened, then what is wrong, then the recovery plan: which file to copy from\n"
	  "which source under which name, and how far its proof goes.  Exit status 1 when an error\n"
	  "stands.  --with adds what clients trust: a page .sms_aut, a message, a certificate.",
	  "text jsonl", "kwr", run_diagnose },
	{ "keys", "SOURCE...", "the generations of every key container",
	  "A generation is one content of one container: its public keys, its MachineGuid and\n"
	  "whether it is complete.  Text ends with the findings, worst first.",
	  "text jsonl csv", "kr", run_keys },
	{ "certs", "SOURCE...", "certificates, and the generation that holds each one's key",
	  "Out of the registry's stores, file stores, .sst and loose files; each certificate once.\n"
	  "The link to a generation is by the public key, not by a name.",
	  "text jsonl csv", "k", run_certs },
	{ "match", "SOURCE...", "which generation has the key that other evidence names",
	  "FILE is a saved .sms_aut page, SMSCFG.INI, mobileclient.tcf, an encrypted message, a\n"
	  "certificate, a public key or a text that shows one; HEX is a thumbprint, a SHA-256 of a\n"
	  "public key, a public key or a certificate.  Exit status 1: no generation has any of them.",
	  "text jsonl", "km", run_match },
	{ "report", "SOURCE...", "all of it as one page to read, keep and print",
	  "A page without script that asks for nothing from elsewhere: a picture of the keys, then\n"
	  "findings, plan, keys, certificates, timeline, evidence.  svg is the picture alone.",
	  "html svg text jsonl", "kwsr", run_report },
	{ "export", "SOURCE...", "one private key, where the evidence proves it whole",
	  "Written for its owner alone (mode 0600), never to a terminal.  pem and pvk are encrypted\n"
	  "with the passphrase; a blob cannot be, and wants the empty one.  KIND of a secret is\n"
	  "dpapi-system, master-key, password or domain-backup-key; see smscrypto(1).",
	  "pem pvk blob pfx", "kx", run_export },
	{ "ls", "SOURCE... [PATTERN...]", "the entries of a source, with times and sizes",
	  "A SOURCE is a directory, an archive, a .bkf, a file, or - for the standard input; several\n"
	  "media of one backup are read as one, a.bkf#2 is its second set alone.  A PATTERN is a path\n"
	  "with *, ? and ** in any case; without a '/' a name in any folder; of a folder, all in it.",
	  "text jsonl", "hr", run_ls },
	{ "extract", "SOURCE... -C DIR [PATTERN...]", "entries of a source, as files below a folder",
	  "Names are made safe, times and holes kept, nothing is written over without --force.  What\n"
	  "cannot be read well is said, and the rest goes on.  For PATTERN see 'help ls'.",
	  NULL, "eir", run_extract },
	{ "inspect", "FILE...", "one file decoded, every field with its offset",
	  "FILE may stand in an archive: backup.zip!/path/in/it.",
	  "text jsonl", "p", run_inspect },
	{ "log", "FILE...", "the records of a log, or of all logs in a folder or backup",
	  "FILE may be packed (.gz) or stand in an archive: backup.zip!/path/in/it; '-' is standard\n"
	  "input.  Of a folder, an archive or a .bkf each log in it is read; what is in a file decides,\n"
	  "and others are left out.  Generations of one log (x.lo_, x-20050107-175943.log) come in the order of what is in\n"
	  "them, however they are given.  Options that choose rows are joined by AND; --since and\n"
	  "--until compare UTC, or the local time where a log does not tell its zone.",
	  "text jsonl csv", "tl", run_log },
	{ "formats", "", "the formats that are known", NULL, NULL, NULL, run_formats },
	{ "rules", "", "what findings there are, and what would refute each", NULL, NULL, NULL, run_rules },
	{ "knowledge", "", "the lines of logs that are known to be about keys", NULL, NULL, NULL, run_knowledge },
	{ "version", "", "the version of the library", NULL, NULL, NULL, run_version },
	{ "help", "[COMMAND]", "this, or more about one command", NULL, NULL, NULL, run_help },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static const command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* What a table has room for. */
static const char *first_operand(const command *c)
{
	return strncmp(c->operands, "SOURCE...", 9) ? c->operands : "SOURCE...";
}

static void list_commands(FILE *out)
{
	fputs("usage: smscrypto COMMAND [OPTION...] OPERAND...\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-9s %-10s %s\n", commands[i].name, first_operand(&commands[i]),
		        commands[i].summary);
	fputs("\n'smscrypto help COMMAND' tells more.  Exit status: 0 done, 1 an error stands (diagnose)\n"
	      "or nothing matches (match), 2 wrong use, 3 something could not be done.\n", out);
}

static void explain(const command *c)
{
	printf("usage: smscrypto %s%s %s\n\n%s%s\n", c->name, c->formats || c->own_options ? " [OPTION...]" : "",
	       c->operands, c->summary, c->details ? "." : "");
	if (c->details)
		printf("\n%s\n", c->details);
	options_help(c, stdout);
}

static int unknown_command(const char *name)
{
	say(NULL, -1, "no such command: '%s'; see 'smscrypto help'", name);
	return STATUS_USAGE;
}

/* A help text on a full disk has failed too; a reader that has seen enough is no failure. */
static int finish_stdout(void)
{
	if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
		return STATUS_DONE;
	say("standard output", -1, "cannot be written");
	return STATUS_FAILED;
}

static int run_help(const request *q)
{
	if (!q->operand_count) {
		list_commands(stdout);
		return finish_stdout();
	}
	const command *c = find_command(q->operands[0]);
	if (!c)
		return unknown_command(q->operands[0]);
	explain(c);
	return finish_stdout();
}

static int run_version(const request *q)
{
	(void)q;
	printf("smscrypto %s\n", smsc_version());
	return finish_stdout();
}

static const char *const severities[] = { "note", "information", "warning", "error" };

static int run_rules(const request *q)
{
	const char *rule;
	(void)q;
	for (size_t i = 0; (rule = smsc_rule_at(i)); i++)
		printf("%s%s  %s (%s)\n      %s\n      Refuted by: %s\n", i ? "\n" : "", rule, smsc_rule_title(rule),
		       severities[smsc_rule_severity(rule) & 3], smsc_rule_advice(rule), smsc_rule_refutation(rule));
	return finish_stdout();
}

static int run_knowledge(const request *q)
{
	const char *id;
	(void)q;
	for (size_t i = 0; (id = smsc_knowledge_at(i)); i++) {
		const char *who = smsc_knowledge_component(id), *container = smsc_knowledge_container(id);
		printf("%s%s  %s (%s)%s%s%s%s\n      %s\n      %s\n", i ? "\n" : "", id, smsc_knowledge_kind(id),
		       severities[smsc_knowledge_severity(id) & 3], *who ? ", by " : "", who,
		       *container ? "; the key in " : "", container,
		       smsc_knowledge_text(id), smsc_knowledge_meaning(id));
	}
	return finish_stdout();
}

static int run_formats(const request *q)
{
	const char *name;
	(void)q;
	for (size_t i = 0; (name = smsc_format_at(i)); i++)
		printf("%-16s %s\n", name, smsc_format_title(name));
	return finish_stdout();
}

/* Whether as many operands are there as the command's line says. */
static bool operands_fit(const request *q)
{
	const char *names = q->command->operands;
	if (strstr(names, "..."))
		return q->operand_count > 0;
	return q->operand_count <= (names[0] == '[');
}

static int run_request(const request *q)
{
	const command *c = q->command;
	if (q->help) {
		explain(c);
		return finish_stdout();
	}
	if (operands_fit(q))
		return c->run(q);
	say(NULL, -1, "usage: smscrypto %s %s; see 'smscrypto help %s'", c->name, c->operands, c->name);
	return STATUS_USAGE;
}

static int run(const command *c, char **words, size_t count)
{
	request q;
	int status = request_parse(&q, c, words, count) < 0 ? STATUS_USAGE : run_request(&q);
	free(q.pattern_used);
	return status;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		list_commands(stderr);
		return STATUS_USAGE;
	}
	const char *name = argv[1];
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	else if (strcmp(name, "--version") == 0)
		name = "version";
	const command *c = find_command(name);
	if (!c)
		return unknown_command(name);
	interrupt_catch();
	int status = run(c, argv + 2, (size_t)argc - 2);
	if (interrupted())
		interrupt_die();
	return status;
}
