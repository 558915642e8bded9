/* options.c - the words of a command line to a request. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

typedef struct option {
	const char *name;
	char        letter;   /* short form, or 0 */
	char        group;    /* '*' every command, 'f' those with output, 'i' these and extract, else
	                         a letter of own_options */
	const char *value;    /* what it takes, or NULL */
	const char *help;
	int       (*set)(request *q, const char *value);
} option;

static int wrong(const char *what, const char *value)
{
	say(NULL, -1, "%s: '%s'", what, value);
	return -1;
}

/* True when `word` is one of the words of `list`, which single spaces part. */
static bool listed(const char *list, const char *word)
{
	size_t size = strlen(word);
	for (const char *at = list; *at; at += strspn(at, " ")) {
		size_t next = strcspn(at, " ");
		if (next == size && memcmp(at, word, size) == 0)
			return true;
		at += next;
	}
	return false;
}

static int set_format(request *q, const char *value)
{
	if (!listed(q->command->formats, value)) {
		say(NULL, -1, "%s writes %s, not '%s'", q->command->name, q->command->formats, value);
		return -1;
	}
	q->format = value;
	return 0;
}

static int set_output(request *q, const char *value)
{
	q->output = strcmp(value, "-") ? value : NULL;
	return 0;
}

static int set_time(smsc_time *out, const char *value)
{
	*out = smsc_time_parse(value);
	return *out == SMSC_NEVER ? wrong("no time like 2005-01-07T22:59:38Z", value) : 0;
}

static int set_since(request *q, const char *value) { return set_time(&q->since, value); }
static int set_until(request *q, const char *value) { return set_time(&q->until, value); }

static int set_component(request *q, const char *value)
{
	q->component = value;
	return 0;
}

static int set_grep(request *q, const char *value)
{
	q->grep = value;
	return 0;
}

static int set_code(request *q, const char *value)
{
	q->code = smsc_code_parse(value);
	return q->code ? 0 : wrong("no Windows code like NTE_NO_KEY, 0x8009000d or -2146893811", value);
}

static int set_kind(request *q, const char *value)
{
	q->kind = value;
	return 0;
}

static int set_count(request *q, const char *value)
{
	(void)value;
	q->count = true;
	return 0;
}

static int set_hash(request *q, const char *value)
{
	(void)value;
	q->hash = true;
	return 0;
}

static int set_zone(request *q, const char *value)
{
	q->options.zone = value;
	return 0;
}

/* Digits with an optional K, M, G or T (of 1024). */
static int number(const char *text, uint64_t most, uint64_t *out)
{
	static const char units[] = "KMGT";
	char *end;
	errno = 0;
	unsigned long long n = strtoull(text, &end, 10);
	if (errno || end == text || *text < '0' || *text > '9')
		return -1;
	const char *unit = *end ? strchr(units, *end) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
	if (end[unit != NULL] || n > (most >> shift) || !n)
		return -1;
	*out = (uint64_t)n << shift;
	return 0;
}

static int set_number(uint32_t *member, const char *value, const char *otherwise)
{
	uint64_t n;
	if (number(value, UINT32_MAX, &n) < 0)
		return wrong(otherwise, value);
	*member = (uint32_t)n;
	return 0;
}

static int set_codepage(request *q, const char *value)
{
	return set_number(&q->options.codepage, value, "no code page");
}

static int set_threads(request *q, const char *value)
{
	return set_number(&q->options.threads, value, "no number of threads");
}

static int set_limit(request *q, const char *value)
{
	smsc_options *o = &q->options;
	const struct { const char *name; uint64_t *wide; uint32_t *narrow; } limits[] = {
		{ "stream=", &o->max_stream, NULL }, { "total=", &o->max_total, NULL },
		{ "entries=", &o->max_entries, NULL }, { "events=", &o->max_events, NULL },
		{ "depth=", NULL, &o->max_depth }, { "ratio=", NULL, &o->max_ratio },
		{ "rounds=", NULL, &o->max_rounds },
	};
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		size_t size = strlen(limits[i].name);
		uint64_t n;
		if (strncmp(value, limits[i].name, size))
			continue;
		if (number(value + size, limits[i].wide ? UINT64_MAX : UINT32_MAX, &n) < 0)
			return wrong("no number of 1 or more", value);
		if (limits[i].wide)
			*limits[i].wide = n;
		else
			*limits[i].narrow = (uint32_t)n;
		return 0;
	}
	return wrong("no limit like stream=1G; the names are stream total entries events depth ratio rounds",
	             value);
}

static int set_with(request *q, const char *value)
{
	if (q->with_count == sizeof(q->with) / sizeof(q->with[0]))
		return wrong("too many files", "--with");
	q->with[q->with_count++] = value;
	return 0;
}

static int set_secret(request *q, const char *value)
{
	if (q->secret_count == sizeof(q->secrets) / sizeof(q->secrets[0]))
		return wrong("too many secrets", "--secret");
	q->secrets[q->secret_count++] = value;
	return 0;
}

static int set_asked(request *q, const char *value)
{
	if (q->asked_count == sizeof(q->asked) / sizeof(q->asked[0]))
		return wrong("too many pieces of evidence", "--with");
	q->asked[q->asked_count++] = value;
	return 0;
}

static int set_decrypt(request *q, const char *value)
{
	(void)value;
	q->decrypt = true;
	return 0;
}

static int set_all(request *q, const char *value)
{
	(void)value;
	q->all = true;
	return 0;
}

static int set_sets(request *q, const char *value)
{
	(void)value;
	q->sets = true;
	return 0;
}

static int set_details(request *q, const char *value)
{
	(void)value;
	q->details = true;
	return 0;
}

static int set_recover(request *q, const char *value)
{
	(void)value;
	q->options.allow |= SMSC_ALLOW_RECOVERY;
	return 0;
}

static int set_force(request *q, const char *value)
{
	(void)value;
	q->force = true;
	return 0;
}

static int set_folder(request *q, const char *value)
{
	q->folder = value;
	q->folder_at = q->operand_count;
	return 0;
}

static int set_path(request *q, const char *value)
{
	q->path = value;
	return 0;
}

static int set_log(request *q, const char *value)
{
	q->log = value;
	return 0;
}

static int set_container(request *q, const char *value)
{
	q->container = value;
	return 0;
}

static int set_generation(request *q, const char *value)
{
	uint64_t n;
	if (number(value, UINT32_MAX, &n) < 0)
		return wrong("no number of a generation", value);
	q->generation = (uint32_t)n;
	return 0;
}

static int set_key(request *q, const char *value)
{
	if (!listed("signature exchange", value))
		return wrong("--key is signature or exchange, not", value);
	q->key = value;
	return 0;
}

static int set_passphrase(request *q, const char *value)
{
	q->passphrase = value;
	return 0;
}

static int set_quiet(request *q, const char *value)
{
	(void)value;
	q->quiet = true;
	return 0;
}

static int set_color(request *q, const char *value)
{
	static const char *const words[] = { "auto", "always", "never" };
	for (int i = 0; i < 3; i++)
		if (strcmp(value, words[i]) == 0) {
			q->color = (color_when)i;
			return 0;
		}
	return wrong("--color is auto, always or never, not", value);
}

static int set_help(request *q, const char *value)
{
	(void)value;
	q->help = true;
	return 0;
}

static const option table[] = {
	{ "format",   'f', 'f', "FORMAT", "what is written", set_format },
	{ "output",   'o', 'f', "FILE",   "write there, whole or not at all; never over evidence", set_output },
	{ "since",    0,   't', "T",      "from this time on, as 2005-01-07 or 2005-01-07T22:59Z", set_since },
	{ "until",    0,   't', "T",      "up to, not including, this time", set_until },
	{ "component", 0,  'l', "NAME",   "of this component; '*' and '?' stand for others, case does not matter", set_component },
	{ "grep",     0,   'l', "REGEX",  "with this extended regular expression in the text", set_grep },
	{ "code",     0,   'l', "CODE",   "with this Windows code in any spelling: NTE_NO_KEY, 0x8009000d", set_code },
	{ "kind",     0,   'l', "KIND",   "that tell this about keys: key-created, 'certificate-*', '*'", set_kind },
	{ "count",    0,   'l', NULL,     "only how many rows there are: N, a tab, FILE", set_count },
	{ "hash",     0,   'h', NULL,     "read every entry and add its SHA-256", set_hash },
	{ "verbose",  'v', 'h', NULL,     "all times, attributes, access rights and streams of each entry", set_details },
	{ "sets",     0,   'h', NULL,     "the backup sets in place of the entries", set_sets },
	{ "directory", 'C', 'e', "DIR",   "the folder to write to, made if it is missing", set_folder },
	{ "force",    0,   'e', NULL,     "write over files that are there", set_force },
	{ "recover",  0,   'r', NULL,     "search all of a file for what is left of a backup", set_recover },
	{ "all",      0,   's', NULL,     "routine log events as well, that text only counts", set_all },
	{ "path",     0,   'p', "KEY",    "one key of a registry hive: 'ControlSet001\\Control\\Lsa'", set_path },
	{ "log",      0,   'p', "FILE",   "lay this log over the dirty hive first, in memory", set_log },
	{ "tz",       0,   'i', "ZONE",   "of local times that do not tell their own: UTC, -05:00", set_zone },
	{ "codepage", 0,   'i', "N",      "of text that is not Unicode: 437, 850, 1250-1252", set_codepage },
	{ "limit",    0,   'i', "NAME=N", "stream, total, entries, events, depth, ratio or rounds; K M G T", set_limit },
	{ "secret",   0,   'k', "KIND=VALUE", "opens private keys; or KIND=@FILE, which ps does not show", set_secret },
	{ "threads",  0,   'k', "N",      "that read logs at the same time; as many as there are processors", set_threads },
	{ "with",     0,   'm', "FILE|HEX", "what names a key; '-' is standard input, and it may be given again", set_asked },
	{ "decrypt",  0,   'm', NULL,     "write the content of the one message of --with to FILE of -o", set_decrypt },
	{ "with",     0,   'w', "FILE",   "more evidence: what clients trust, a message, a certificate", set_with },
	{ "container", 0,  'x', "NAME",   "whose key: its name, or the hash in its file name", set_container },
	{ "generation", 0, 'x', "N",      "number of the generation, as 'keys' shows it", set_generation },
	{ "key",      0,   'x', "USE",    "signature or exchange", set_key },
	{ "passphrase", 0, 'x', "TEXT",   "of the file, or @FILE; '' leaves the key in the clear", set_passphrase },
	{ "color",    0,   'f', "WHEN",   "auto, always or never", set_color },
	{ "quiet",    'q', 'i', NULL,     "no progress and no findings on standard error", set_quiet },
	{ "help",     'h', '*', NULL,     "this", set_help },
};

static bool takes(const command *c, const option *o)
{
	return o->group == '*' || (o->group == 'f' && c->formats) ||
	       (o->group == 'i' && (c->formats || strchr(c->own_options ? c->own_options : "", 'i'))) ||
	       (c->own_options && strchr(c->own_options, o->group));
}

/* By letter, or by the `size` bytes of a long name. */
static const option *find(const command *c, char letter, const char *name, size_t size)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const option *o = &table[i];
		bool same = letter ? o->letter == letter
		                   : strlen(o->name) == size && memcmp(o->name, name, size) == 0;
		if (same && takes(c, o))
			return o;
	}
	return NULL;
}

static int unknown(const command *c, const char *word)
{
	say(NULL, -1, "%s has no option %s; see 'smscrypto help %s'", c->name, word, c->name);
	return -1;
}

/* The words still to be read. */
typedef struct words {
	char **at;
	size_t count, next;
} words;

static int set_value(request *q, const option *o, const char *value, words *w)
{
	if (!value && w->next < w->count)
		value = w->at[w->next++];
	if (!value) {
		say(NULL, -1, "--%s needs %s", o->name, o->value);
		return -1;
	}
	return o->set(q, value);
}

static int long_option(request *q, const char *word, words *w)
{
	size_t size = strcspn(word + 2, "=");
	const char *value = word[2 + size] ? word + 2 + size + 1 : NULL;
	const option *o = find(q->command, 0, word + 2, size);
	if (!o)
		return unknown(q->command, word);
	if (o->value)
		return set_value(q, o, value, w);
	if (value)
		return wrong("takes no value", word);
	return o->set(q, NULL);
}

static int short_options(request *q, const char *word, words *w)
{
	for (const char *at = word + 1; *at; at++) {
		const option *o = find(q->command, *at, NULL, 0);
		if (!o)
			return unknown(q->command, word);
		if (o->value)
			return set_value(q, o, at[1] ? at + 1 : NULL, w);
		if (o->set(q, NULL) < 0)
			return -1;
	}
	return 0;
}

/* The library knows which code pages and zones there are. */
static int check_values(const request *q)
{
	smsc_error *err = NULL;
	smsc_case_unref(smsc_case_new(&q->options, &err));
	int rc = smsc_error_code(err) == SMSC_EARG ? -1 : 0;
	if (rc < 0)
		say_error(err, NULL);
	smsc_error_free(err);
	return rc;
}

/* Of SOURCE... PATTERN... the patterns are what stands behind -C DIR, or begin with the first word
 * after a source that is none itself. */
static int part_patterns(request *q)
{
	size_t count = q->operand_count, own = q->folder ? q->folder_at : 0;
	if (!strstr(q->command->operands, "PATTERN") || !count)
		return 0;
	if (!own)
		for (own = 1; own < count; own++) {
			char *label;
			bool is = is_source(operand_path(q->operands[own], &label));
			free(label);
			if (!is)
				break;
		}
	q->patterns = q->operands + own;
	q->pattern_count = count - own;
	q->operand_count = own;
	q->pattern_used = calloc(count, sizeof(*q->pattern_used));
	return q->pattern_used ? 0 : -1;
}

int request_parse(request *q, const command *c, char **word_list, size_t count)
{
	words w = { word_list, count, 0 };
	bool options_over = false;
	*q = (request){ .command = c, .operands = word_list, .options = SMSC_OPTIONS_INIT };
	if (c->formats) {
		snprintf(q->first_format, sizeof q->first_format, "%.*s", (int)strcspn(c->formats, " "), c->formats);
		q->format = q->first_format;
	}
	while (w.next < w.count) {
		char *word = w.at[w.next++];
		int rc = 0;
		if (options_over || word[0] != '-' || !word[1])
			q->operands[q->operand_count++] = word;
		else if (strcmp(word, "--") == 0)
			options_over = true;
		else
			rc = word[1] == '-' ? long_option(q, word, &w) : short_options(q, word, &w);
		if (rc < 0)
			return -1;
	}
	return check_values(q) < 0 ? -1 : part_patterns(q);
}

void options_help(const command *c, FILE *out)
{
	fputs("\nOptions, before or after the operands ('--' ends them):\n", out);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const option *o = &table[i];
		char left[32];
		if (!takes(c, o))
			continue;
		snprintf(left, sizeof(left), "%s%c%s --%s %s", o->letter ? "-" : " ",
		         o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name,
		         o->value ? o->value : "");
		fprintf(out, "  %-22s %s\n", left, o->help);
		if (o->set == set_format)
			fprintf(out, "  %-22s one of: %s\n", "", c->formats);
	}
}
