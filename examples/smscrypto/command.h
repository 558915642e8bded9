/* command.h - what the parts of the smscrypto command share.
 *
 * The command is an example too: it is written on <smscrypto.h> alone.
 */
#ifndef SMSCRYPTO_COMMAND_H
#define SMSCRYPTO_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include <smscrypto.h>

/* What a script may rely on; interrupted by Ctrl-C the command dies by SIGINT (130 in $?). */
enum { STATUS_DONE = 0, STATUS_FOUND = 1, STATUS_USAGE = 2, STATUS_FAILED = 3 };

typedef struct request request;

typedef struct command {
	const char *name;
	const char *operands;           /* "SOURCE..." */
	const char *summary;            /* one line */
	const char *details;            /* what help COMMAND adds, or NULL */
	const char *formats;            /* of -f, the default first; NULL: no output options */
	const char *own_options;        /* letters of the options besides the common ones */
	int       (*run)(const request *q);
} command;

typedef enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color_when;

/* One command line, understood. */
struct request {
	const command *command;
	char         **operands;
	size_t         operand_count;
	const char    *format;
	char           first_format[16]; /* of the command: the default */
	const char    *output;          /* NULL: standard output */
	smsc_time      since, until;
	const char    *component, *grep, *kind;   /* of log; NULL: any */
	uint32_t       code;            /* of log; 0: any */
	bool           count;
	color_when     color;
	bool           hash, all, quiet, help;
	bool           sets, details;   /* of ls */
	bool           force;           /* of extract */
	const char    *folder;
	size_t         folder_at;       /* operands before it */
	char         **patterns;        /* the last of the operands, where the command takes any */
	size_t         pattern_count;
	bool          *pattern_used;
	const char    *path, *log;      /* of inspect: a key of the hive, the hive's log */
	bool           owner_only;      /* what is written is nobody else's to read */
	const char    *secrets[64];
	size_t         secret_count;
	const char    *asked[64];      /* of match: what names a key */
	size_t         asked_count;
	bool           decrypt;
	const char    *with[64];        /* more evidence: what clients trust, a message, a page */
	size_t         with_count;
	const char    *container, *key, *passphrase;
	uint32_t       generation;      /* 0: the only one */
	smsc_options   options;
};

/* ---- options.c ---- */

/* Fills `q` from the words after the command's name; operands are moved to the front of
 * `words`.  -1 after saying what is wrong. */
int  request_parse(request *q, const command *c, char **words, size_t count);
/* Lists the options that `c` takes. */
void options_help(const command *c, FILE *out);

/* ---- terminal.c ---- */

/* "smscrypto: PATH@OFFSET: TEXT" on standard error; path NULL and offset -1 are left out. */
void say(const char *path, int64_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void say_error(const smsc_error *e, const char *path);  /* `path` if the error has none */
void say_finding(const smsc_finding *f);
/* From here SIGINT only asks to stop; a second one kills. */
void interrupt_catch(void);
bool interrupted(void);
/* Dies by the signal, as a shell loop around the command must see it. */
void interrupt_die(void);
/* An smsc_progress_fn; `user` is a progress.  The bar appears after a second. */
typedef struct progress {
	bool   on, shown;
	double start, last;
} progress;
void progress_start(progress *p, const request *q, bool rows_follow);
int  progress_step(void *user, const char *stage, uint64_t done, uint64_t total);
void progress_end(progress *p);
bool color_wanted(const request *q);

/* ---- output.c ---- */

/* Where rows go: standard output, or a file that appears under its name only when whole. */
typedef struct output {
	FILE        *file;
	const char  *name;              /* in messages */
	char        *temporary, *final; /* NULL when written in place */
	int          failed;            /* errno of the first write that failed */
	bool         findings_are_rows; /* else they are lines on standard error */
	bool         quiet, useless;    /* useless: what was written must not be kept */
	smsc_report *report;
} output;

/* STATUS_DONE, or the exit status after saying why. */
int  output_open(output *o, const request *q);
/* What of the evidence could not be read. */
void output_finding(output *o, const smsc_finding *f, smsc_error **err);
/* Ends the report and puts the file in place, unless `err` is set or the output useless.
 * Takes `err`.  The exit status of the command. */
int  output_close(output *o, smsc_error *err, int status);

/* An smsc_sink_fn; `user` is an output. */
int  output_put(void *user, const void *data, size_t size);

/* Does `each` for every operand with one output; the worst status. */
typedef int each_fn(output *o, const char *operand, const request *q, smsc_error **err);
int  run_each(const request *q, each_fn *each);

/* ---- evidence.c ---- */

/* Splits NAME=PATH; a file of just that name is a path.  `label` is NULL without a name,
 * else to be freed. */
const char  *operand_path(const char *operand, char **label);
/* Opens a SOURCE operand. */
smsc_source *source_open(const char *operand, const request *q, smsc_error **err);
/* Opens a FILE operand: a file, or ARCHIVE!/ENTRY. */
smsc_entry  *entry_open(const char *operand, const request *q, smsc_error **err);
/* Opens a folder, archive or backup of many files; NULL when the operand is anything else, be it
 * one that cannot be opened. */
smsc_source *many_open(const char *operand, const request *q);
/* True when writing `path` would change an operand of the request or stand inside one. */
bool         is_evidence(const char *path, const request *q);

/* The sources of a request, media of one backup joined. */
typedef struct sources {
	smsc_source **at;
	const char  **operands;
	size_t        count;
} sources;
/* Opens all that can be opened; the exit status so far. */
int          sources_open(sources *all, const request *q);
void         sources_close(sources *all);
/* Is there such a source: a file, a folder, "-", or one backup set of a file? */
bool         is_source(const char *path);

/* ---- folder.c ---- */

/* The files of a folder when there is nothing in it but backups, in byte order of their names,
 * NULL behind the last; else NULL. */
char **folder_backups(const char *folder, const request *q);
void   folder_free(char **files);

/* ---- logs.c ---- */

/* The logs that the operands name or hold; those of one set in the order of what is in them. */
typedef struct log_file log_file;
typedef struct logs {
	log_file *at;
	size_t    count, room;
} logs;
/* The exit status so far, after saying what could not be read. */
int         logs_find(logs *all, const request *q);
void        logs_free(logs *all);
log_file   *logs_at(const logs *all, size_t i);
const char *log_name(const log_file *f);
smsc_log   *log_open(const log_file *f, const request *q, smsc_error **err);

/* ---- pattern.c ---- */

bool pattern_fits(const char *pattern, const char *path);
/* Is the entry one that the patterns of the request ask for? */
bool is_asked_for(const request *q, const char *path);
/* Names the patterns that nothing fitted; the exit status. */
int  patterns_end(const request *q, int status);

/* ---- secret.c ---- */

/* KIND=VALUE as it is, KIND=@FILE with what the file holds; passphrases alike.  NULL after
 * saying why; else given back, wiped, to secret_free(). */
char *secret_text(const char *given);
char *passphrase_text(const char *given);
void  secret_free(char *text);

/* ---- case.c ---- */

/* Analyzes the operands and what --with names, then lets `report` write to the request's output;
 * the status that it returns is that of the command, if nothing worse happened. */
typedef int report_fn(output *o, const smsc_case *c, const request *q, smsc_error **err);
int case_run(const request *q, report_fn *report);

/* ---- the commands ---- */

int run_timeline(const request *q);
int run_keys(const request *q);
int run_certs(const request *q);
int run_report(const request *q);
int run_match(const request *q);
int run_diagnose(const request *q);
int run_export(const request *q);
int run_ls(const request *q);
int run_extract(const request *q);
int run_inspect(const request *q);
int run_log(const request *q);

#endif
