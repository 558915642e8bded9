/* clock_utc.c - rows whose text tells UTC: status messages and events of WMI.
 *
 *   STATMSG: ID=500 ... GMTDATE=Fri Jan 07 17:00:00.250 2005 ISTR0="..."
 *   Raising event: instance of X { ... DateTime = "20050107170000.250000+000"; ... };
 *
 * Both are made right before their row is written.  So the time of the row, with its bias, must be
 * the same moment; a row without a bias gets it from them.
 */
#include "clock_utc.h"

#include <stdlib.h>
#include <string.h>

#include "../base/error.h"
#include "../base/text.h"
#include "../base/time.h"
#include "clock.h"
#include "event.h"
#include "keep.h"

#define SAME_TIME  (5 * SMSC_TICKS_A_SECOND)
/* Zones of the world differ by quarters of an hour. */
#define QUARTER    15
/* A row may come long after what it tells (a queue, a record whose middle was lost), never before. */
#define MOST_DELAY (10 * SMSC_TICKS_MINUTE)
#define MOST_AHEAD SMSC_TICKS_MINUTE

/* ---- in a text -------------------------------------------------------------------------- */

static bool take_number(const char **p, const char *end, int most, int *out)
{
	int digits = 0;

	for (*out = 0; digits < most && *p < end && **p >= '0' && **p <= '9'; digits++)
		*out = *out * 10 + *(*p)++ - '0';
	return digits > 0;
}

static bool take_char(const char **p, const char *end, char c)
{
	return *p < end && *(*p)++ == c;
}

/* "Fri Jan 07 17:00:00.250 2005" */
static smsc_time read_gmtdate(const char *p, const char *end)
{
	smsc_civil c = { 0 };
	int ms;

	if (end - p < 28)
		return SMSC_NEVER;
	c.month = smsc_month_of(p + 4);
	p += 8;
	if (!take_number(&p, end, 2, &c.day) || !take_char(&p, end, ' ') ||
	    !take_number(&p, end, 2, &c.hour) || !take_char(&p, end, ':') ||
	    !take_number(&p, end, 2, &c.minute) || !take_char(&p, end, ':') ||
	    !take_number(&p, end, 2, &c.second) || !take_char(&p, end, '.') ||
	    !take_number(&p, end, 3, &ms) || !take_char(&p, end, ' ') ||
	    !take_number(&p, end, 4, &c.year))
		return SMSC_NEVER;
	c.tick = ms * 10000;
	return smsc_time_of_civil(c);
}

/* "20050107170000.250000+000": the last number is minutes east of Greenwich. */
static smsc_time read_cim(const char *p, const char *end)
{
	static const int widths[] = { 4, 2, 2, 2, 2, 2 };
	smsc_civil c = { 0 };
	int *const parts[] = { &c.year, &c.month, &c.day, &c.hour, &c.minute, &c.second };
	int us, east;
	if (end - p < 25)
		return SMSC_NEVER;
	for (int i = 0; i < 6; i++)
		if (!take_number(&p, end, widths[i], parts[i]))
			return SMSC_NEVER;
	if (!take_char(&p, end, '.') || !take_number(&p, end, 6, &us) || (*p != '+' && *p != '-'))
		return SMSC_NEVER;
	bool west = *p++ == '-';
	if (!take_number(&p, end, 3, &east))
		return SMSC_NEVER;
	c.tick = us * 10;
	return smsc_time_utc(smsc_time_of_civil(c), west ? east : -east);
}

static bool begins(smsc_span text, const char *with)
{
	size_t size = strlen(with);
	return text.size > size && !memcmp(text.data, with, size);
}

/* The bytes behind `mark`; NULL when it is not there. */
static const char *behind(smsc_span text, const char *mark)
{
	size_t size = strlen(mark);
	const char *p = memmem(text.data, text.size, mark, size);
	return p ? p + size : NULL;
}

smsc_time smsc_utc_told(const smsc_row *row)
{
	smsc_span text = row->text;
	const char *end = (const char *)text.data + text.size, *p;
	if (begins(text, "STATMSG: "))
		return (p = behind(text, "GMTDATE=")) ? read_gmtdate(p, end) : SMSC_NEVER;
	if (begins(text, "Raising event:"))
		return (p = behind(text, "DateTime = \"")) ? read_cim(p, end) : SMSC_NEVER;
	return SMSC_NEVER;
}

int32_t smsc_utc_bias(const smsc_row *row)
{
	smsc_time told = row->local == SMSC_NEVER ? SMSC_NEVER : smsc_utc_told(row);
	if (told == SMSC_NEVER || llabs(told - row->local) > SMSC_SLACK_NO_ZONE)
		return SMSC_NO_BIAS;
	int64_t step = QUARTER * SMSC_TICKS_MINUTE, away = told - row->local;
	int64_t quarters = (away + (away < 0 ? -step : step) / 2) / step;
	return llabs(away - quarters * step) <= SAME_TIME ? (int32_t)(quarters * QUARTER) : SMSC_NO_BIAS;
}

/* ---- against the row -------------------------------------------------------------------- */

void smsc_utc_row(smsc_utc_doubt *doubt, const smsc_row *row)
{
	smsc_time told = row->time == SMSC_NEVER || row->bias == SMSC_NO_BIAS ? SMSC_NEVER : smsc_utc_told(row);
	if (told == SMSC_NEVER)
		return;
	doubt->all++;
	if (told <= row->time + MOST_AHEAD && told >= row->time - MOST_DELAY)
		return;
	if (doubt->wrong++)
		return;
	doubt->offset = row->offset;
	doubt->row = row->time;
	doubt->told = told;
}

void smsc_utc_join(smsc_utc_doubt *doubt, const smsc_utc_doubt *next)
{
	smsc_utc_doubt first = doubt->wrong ? *doubt : *next;
	first.wrong = doubt->wrong + next->wrong;
	first.all = doubt->all + next->all;
	*doubt = first;
}

void smsc_utc_keep(smsc_utc_doubts *all, const smsc_utc_doubt *doubt, const smsc_snapshot *s, const char *path)
{
	if (!doubt->wrong)
		return;
	for (size_t i = 0; i < all->count; i++)
		if (all->at[i].row == doubt->row && all->at[i].told == doubt->told &&
		    !strcmp(smsc_last_part(all->at[i].path), smsc_last_part(path)))
			return;
	if (all->count == SMSC_UTC_DOUBTS) {
		all->dropped++;
		return;
	}
	smsc_utc_doubt *kept = &all->at[all->count++];
	*kept = *doubt;
	kept->snapshot = s;
	kept->path = path;
}

static void put_doubt(smsc_buf *out, const smsc_utc_doubt *d)
{
	char row[29], told[29];
	int64_t seconds = llabs(d->told - d->row) / SMSC_TICKS_A_SECOND;
	smsc_time_format(d->row, row);
	smsc_time_format(d->told, told);
	smsc_buf_printf(out, "this row of %.19sZ says in its text that it is %.19sZ, ", row, told);
	smsc_clock_put_span(out, seconds);
	smsc_buf_str(out, d->told > d->row ? " later: " : " earlier: ");
	smsc_buf_str(out, seconds % (QUARTER * 60) <= 5 || seconds % (QUARTER * 60) >= QUARTER * 60 - 5 ?
	             "the bias it was written with is wrong" : "one of two clocks is wrong");
	smsc_buf_printf(out, "; so are %u of %u such rows", d->wrong, d->all);
}

void smsc_utc_tell(smsc_case *c, const smsc_utc_doubts *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const smsc_utc_doubt *d = &all->at[i];
		smsc_buf text = SMSC_BUF_INIT;
		put_doubt(&text, d);
		smsc_clock_say(c, &(smsc_clock_fact){ d->snapshot, d->path, d->offset, d->row, SMSC_RULE_K027,
		               d->wrong * 2 > d->all, SMSC_KIND_CLOCK_WRONG,
		               "Times of this log and of others do not compare." }, &text);
	}
}
