/* picture.c - a case as a picture: a lane for each container, its generations as bars, what
 * happened as marks.  No script, no font, no colour that means something alone. */
#include "markup.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../analysis/generation.h"
#include "../analysis/standing.h"
#include "axis.h"
#include "style.h"

enum {
	LEFT = 330, WIDTH = 804, FULL = 1200,   /* of the axis, of all; in units of the viewBox */
	TOP = 40, LANE = 36, BAR = 20,
	LANES = 24,                             /* more containers than these are only counted */
	NAME = 38, LABEL_ROOM = 118,            /* characters of a name; units of a date */
	NEAR = 8,                               /* marks that are nearer become one */
	KINDS = 64,
	MINUTE = 16, SECOND = 19,               /* characters of a time up to there */
};

/* What is drawn as one mark. */
typedef struct cluster {
	const smsc_event *first, *worst;
	size_t  count;
	int32_t x;
} cluster;

typedef struct lane {
	const char *name;
	smsc_generation *const *generations;    /* of one container; none of the two first lanes */
	size_t  count;
	cluster marks;
} lane;

enum { WINDOWS, LOGS, CONTAINERS };

typedef struct picture {
	smsc_buf        *out;
	const smsc_case *c;
	smsc_axis        axis;
	lane             lanes[CONTAINERS + LANES];
	size_t           count, left_out;
} picture;

/* ---- what is drawn, and when ------------------------------------------------------------- */

static smsc_time start_of(const smsc_generation *g)
{
	return g->appeared != SMSC_NEVER ? g->appeared :
	       g->stamp.modified != SMSC_NEVER ? g->stamp.modified : g->first_seen;
}

static bool is_shown(const smsc_event *e)
{
	return e->time != SMSC_NEVER && !smsc_event_is_routine(e);
}

/* The first and the last log event of a kind; all others are turning points. */
typedef struct kind {
	const char *name;
	smsc_time   last;
} kind;

/* A discarded message an hour for a month is one turn, not seven hundred. */
static bool is_first_of_kind(kind *kinds, size_t *count, const smsc_event *e)
{
	for (size_t i = 0; i < *count; i++)
		if (!strcmp(kinds[i].name, e->kind)) {
			kinds[i].last = e->time;
			return false;
		}
	if (*count < KINDS)
		kinds[(*count)++] = (kind){ e->kind, e->time };
	return true;
}

static size_t turning_points(const smsc_case *c, smsc_time *times)
{
	kind kinds[KINDS];
	size_t count = 0, known = 0;
	for (size_t i = 0; i < c->event_count; i++) {
		const smsc_event *e = c->events[i];
		if (is_shown(e) && (!smsc_event_is_log(e) || is_first_of_kind(kinds, &known, e)))
			times[count++] = e->time;
	}
	for (size_t i = 0; i < known; i++)
		times[count++] = kinds[i].last;
	for (size_t i = 0; i < c->generation_count; i++)
		if (start_of(c->generations[i]) != SMSC_NEVER)
			times[count++] = start_of(c->generations[i]);
	for (size_t i = 0; i < c->snapshot_count; i++)
		if (c->snapshots[i]->time != SMSC_NEVER)
			times[count++] = c->snapshots[i]->time;
	return count;
}

static bool make_axis(picture *p)
{
	const smsc_case *c = p->c;
	smsc_time *times = calloc(c->event_count + KINDS + c->generation_count + c->snapshot_count + 1,
	                          sizeof *times);
	return times && smsc_axis_make(&p->axis, times, turning_points(c, times), LEFT, WIDTH);
}

/* A container that never changed tells little where there are many. */
static bool is_telling(smsc_generation *const *list, size_t count)
{
	const smsc_standing *s = list[0]->standing;
	return count > 1 || (s && (s->needed || smsc_standing_lost(s)));
}

static void add_lanes(picture *p, bool telling)
{
	const smsc_case *c = p->c;
	for (size_t i = 0, end; i < c->generation_count; i = end) {
		end = smsc_container_end(c, i);
		if (is_telling(c->generations + i, end - i) != telling)
			continue;
		if (p->count == CONTAINERS + LANES)
			p->left_out++;
		else
			p->lanes[p->count++] = (lane){ .name = smsc_generation_container(c->generations[i]),
			                               .generations = c->generations + i, .count = end - i };
	}
}

static lane *lane_of(picture *p, const smsc_event *e)
{
	static const char *const windows[] = { "boot", "shutdown", "backup", "machine-guid-reset", "machine-guid-new" };
	for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
		if (!strcmp(e->kind, windows[i]))
			return &p->lanes[WINDOWS];
	for (size_t i = CONTAINERS; e->generation && i < p->count; i++)
		if (smsc_container_same(e->generation, p->lanes[i].generations[0]))
			return &p->lanes[i];
	return e->generation ? NULL : &p->lanes[smsc_event_is_log(e) ? LOGS : WINDOWS];
}

/* ---- drawing ------------------------------------------------------------------------------- */

static int32_t top_of(const picture *p, const lane *l)
{
	return TOP + LANE * (int32_t)(l - p->lanes);
}

static void put_time(smsc_buf *o, smsc_time t, size_t size)
{
	char text[29];
	if (!*smsc_time_text(t, text)) {
		smsc_buf_str(o, "a time that is not known");
		return;
	}
	text[10] = ' ';
	smsc_buf_add(o, text, size);
}

static bool is_free(const int32_t *taken, size_t count, int32_t x)
{
	for (size_t i = 0; i < count; i++)
		if (x - taken[i] < LABEL_ROOM && taken[i] - x < LABEL_ROOM)
			return false;
	return true;
}

/* Dates above the lanes, those of what is worst first, as many as there is room for. */
static void put_dates(picture *p)
{
	int32_t taken[FULL / LABEL_ROOM + 1];
	size_t count = 0;
	for (int severity = 3; severity >= 0; severity--)
		for (size_t i = 0; i < p->c->event_count && count < sizeof taken / sizeof *taken; i++) {
			const smsc_event *e = p->c->events[i];
			int32_t x = smsc_axis_x(&p->axis, e->time);
			if (e->severity != severity || !is_shown(e) || !is_free(taken, count, x))
				continue;
			taken[count++] = x;
			smsc_buf_printf(p->out, "<path class=\"grid\" d=\"M%d %dV%d\"/><text class=\"date\" x=\"%d\" y=\"%d\">",
			                (int)x, TOP - 10, TOP + LANE * (int)p->count, (int)x, TOP - 16);
			put_time(p->out, e->time, MINUTE);
			smsc_buf_str(p->out, "</text>\n");
		}
}

static void put_lane(picture *p, const lane *l)
{
	int y = top_of(p, l);
	if ((l - p->lanes) % 2 == 0)
		smsc_buf_printf(p->out, "<rect class=\"stripe\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", y, FULL, LANE);
	smsc_buf_printf(p->out, "<text class=\"name\" x=\"8\" y=\"%d\">", y + LANE / 2 + 4);
	smsc_markup_short(p->out, l->name, NAME);
	smsc_buf_str(p->out, "</text>\n");
}

static const char *place_of(const smsc_generation *g)
{
	const smsc_standing *s = g->standing;
	if (s && s->live && s->live->generation == g)
		return "live";
	if (s && s->needed && s->wanted && smsc_generation_root(s->wanted) == smsc_generation_root(g))
		return "wanted back";
	return "";
}

static void put_rect(picture *p, const char *class, int x, int y, int width)
{
	smsc_buf_printf(p->out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>",
	                class, x, y, width > 3 ? width : 3, BAR);
}

static void put_bar_text(picture *p, const smsc_generation *g, int x, int y, int width)
{
	bool whole = !strcmp(g->state, "complete");
	const char *place = place_of(g);
	size_t room = width > 14 ? (size_t)(width - 8) / 7 : 0;
	smsc_buf text = SMSC_BUF_INIT;
	smsc_buf_printf(&text, "%u%s%s%s%s", g->number, whole ? "" : " ", whole ? "" : g->state,
	                *place ? ", " : "", place);
	p->out->failed |= text.failed;
	if (!text.failed && room) {
		smsc_buf_printf(p->out, "<text class=\"bar\" x=\"%d\" y=\"%d\">", x + 5, y + BAR - 6);
		smsc_markup_short(p->out, text.data, room);
		smsc_buf_str(p->out, "</text>");
	}
	smsc_buf_free(&text);
}

/* When the name of its file stopped being the one that CryptoAPI asks for. */
static smsc_time orphaned_at(const smsc_generation *g)
{
	const smsc_host *h = g->standing ? g->standing->host : NULL;
	return h && h->reset && h->guid && *g->guid && strcmp(g->guid, h->guid) ? h->reset->guid_written : SMSC_NEVER;
}

/* Thin from the moment on when the file was no longer found. */
static void put_bar(picture *p, const lane *l, size_t i)
{
	const smsc_generation *g = l->generations[i];
	smsc_time start = start_of(g), cut = orphaned_at(g);
	smsc_time next = i + 1 < l->count ? start_of(l->generations[i + 1]) : SMSC_NEVER;
	int x = smsc_axis_x(&p->axis, start), y = top_of(p, l) + (LANE - BAR) / 2;
	int end = next != SMSC_NEVER ? smsc_axis_x(&p->axis, next) : LEFT + WIDTH;
	int used = cut > start && smsc_axis_x(&p->axis, cut) < end ? smsc_axis_x(&p->axis, cut) : end;
	char class[32] = "k0";
	class[1] = (char)('0' + smsc_generation_root(g)->number % 6);
	if (strcmp(g->state, "complete"))
		memcpy(class + 2, " part", 6);
	smsc_buf_str(p->out, "<g><title>");
	smsc_markup_text(p->out, l->name);
	smsc_buf_printf(p->out, ": generation %u, %" PRId64 " bytes, %s, from ", g->number, g->size, g->state);
	put_time(p->out, start, SECOND);
	smsc_buf_printf(p->out, "%s%s</title>", used < end ? "; its MachineGuid is not in force any more" : "",
	                *smsc_generation_machine_guid(g) ? "" : "; no MachineGuid in its name");
	put_rect(p, class, x, y, used - x);
	if (used < end)
		smsc_buf_printf(p->out, "<path class=\"idle\" d=\"M%d %dH%d\"/>", used, y + BAR / 2, end);
	put_bar_text(p, g, x, y, used - x);
	smsc_buf_str(p->out, "</g>\n");
}

/* Worse is also larger and has more corners that point: no colour is needed. */
static void put_shape(smsc_buf *o, int severity, int x, int y)
{
	if (severity >= 3)
		smsc_buf_printf(o, "<path class=\"s3\" d=\"M%d %dl7 7l-7 7l-7 -7z\"/>", x, y - 7);
	else if (severity == 2)
		smsc_buf_printf(o, "<path class=\"s2\" d=\"M%d %dl6 10h-12z\"/>", x, y - 6);
	else
		smsc_buf_printf(o, "<circle class=\"s1\" cx=\"%d\" cy=\"%d\" r=\"3\"/>", x, y);
}

static void put_marks(picture *p, lane *l)
{
	const cluster *m = &l->marks;
	if (!m->count)
		return;
	smsc_buf_str(p->out, "<g><title>");
	put_time(p->out, m->worst->time, SECOND);
	smsc_buf_printf(p->out, " %s: ", m->worst->kind);
	smsc_markup_short(p->out, m->worst->text, 200);
	if (m->count > 1)
		smsc_buf_printf(p->out, " (and %zu more)", m->count - 1);
	smsc_buf_str(p->out, "</title>");
	put_shape(p->out, m->worst->severity, m->x, top_of(p, l) + (l - p->lanes < CONTAINERS ? LANE / 2 : LANE - 7));
	smsc_buf_str(p->out, "</g>\n");
	l->marks.count = 0;
}

static void put_events(picture *p)
{
	for (size_t i = 0; i < p->c->event_count; i++) {
		const smsc_event *e = p->c->events[i];
		lane *l = is_shown(e) ? lane_of(p, e) : NULL;
		if (!l)
			continue;
		int32_t x = smsc_axis_x(&p->axis, e->time);
		if (l->marks.count && x - l->marks.x >= NEAR)
			put_marks(p, l);
		if (!l->marks.count++)
			l->marks = (cluster){ e, e, 1, x };
		else if (e->severity > l->marks.worst->severity)
			l->marks.worst = e;
	}
	for (size_t i = 0; i < p->count; i++)
		put_marks(p, &p->lanes[i]);
}

/* Where each backup was taken; its name where there is room. */
static void put_snapshots(picture *p)
{
	int32_t free_from = 0;
	int bottom = TOP + LANE * (int)p->count;
	for (size_t i = 0; i < p->c->snapshot_count; i++) {
		const smsc_snapshot *s = p->c->snapshots[i];
		if (s->time == SMSC_NEVER)
			continue;
		int x = smsc_axis_x(&p->axis, s->time);
		smsc_buf_str(p->out, "<g><title>newest in ");
		smsc_markup_text(p->out, s->label);
		smsc_buf_str(p->out, ": ");
		put_time(p->out, s->time, SECOND);
		smsc_buf_printf(p->out, "</title><path class=\"backup\" d=\"M%d %dV%d\"/>", x, TOP, bottom + 6);
		int width = 7 * (int)smsc_text_width(s->label, strlen(s->label)) + 12;
		if (x - width / 2 >= free_from) {
			smsc_buf_printf(p->out, "<text class=\"date\" x=\"%d\" y=\"%d\">", x, bottom + 20);
			smsc_markup_short(p->out, s->label, 40);
			smsc_buf_str(p->out, "</text>");
			free_from = x + width / 2;
		}
		smsc_buf_str(p->out, "</g>\n");
	}
}

/* Both for a light and a dark page; as a picture of its own it stands on white. */
const char smsc_picture_legend[] =
	"A lane for each key container: a bar is one generation of its keys, of one colour wherever the keys are the same, "
	"dashed red where a pair is missing, a thin line where its file is there and no longer found. Diamonds are errors, "
	"triangles warnings, circles the rest; dashed upright lines are the backups. Time runs to the right; what lies "
	"between two turning points is drawn by the logarithm of its length.";

static const char style[] =
	"<style>"
	".picture{font:12px system-ui,sans-serif;fill:#1b1f24}"
	".picture .stripe{fill:#8882}.picture .grid{stroke:#8886;stroke-dasharray:2 3}"
	".picture .backup{stroke:#57606a;stroke-dasharray:6 3}"
	".picture .date{text-anchor:middle;font-size:11px}.picture .name{font-weight:600}"
	".picture .bar{fill:#fff;font-weight:600}"
	".k0{fill:#6639ba}.k1{fill:#0550ae}.k2{fill:#8a4600}.k3{fill:#116329}.k4{fill:#99286e}.k5{fill:#1b6570}"
	".picture .part{stroke:#cf222e;stroke-width:2;stroke-dasharray:4 2}"
	".picture .idle{stroke:#57606a;stroke-width:2;stroke-dasharray:2 4}"
	".s3{fill:#cf222e;stroke:#fff}.s2{fill:#d4a72c;stroke:#3d2e00}.s1{fill:#fff;stroke:#1b1f24}"
	"</style>\n";

static void put_head(picture *p, bool embedded)
{
	smsc_buf_printf(p->out, "<svg%s class=\"picture\" role=\"img\" viewBox=\"0 0 %d %d\" width=\"100%%\">\n",
	                embedded ? "" : " xmlns=\"http://www.w3.org/2000/svg\"", FULL, TOP + LANE * (int)p->count + 30);
	smsc_buf_str(p->out, "<title>Which keys were there when</title>\n");
	if (!embedded)
		smsc_buf_printf(p->out, "<desc>%s</desc>\n", smsc_picture_legend);
	smsc_buf_str(p->out, style);
	smsc_buf_printf(p->out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", FULL, TOP + LANE * (int)p->count + 30);
}

void smsc_picture(smsc_buf *out, const smsc_case *c, bool embedded)
{
	picture p = { .out = out, .c = c, .count = CONTAINERS };
	p.lanes[WINDOWS].name = "Windows";
	p.lanes[LOGS].name = "logs";
	if (!make_axis(&p)) {
		out->failed = true;
		return;
	}
	add_lanes(&p, true);
	add_lanes(&p, false);
	put_head(&p, embedded);
	for (size_t i = 0; i < p.count; i++)
		put_lane(&p, &p.lanes[i]);
	put_dates(&p);
	put_snapshots(&p);
	for (size_t i = CONTAINERS; i < p.count; i++)
		for (size_t k = 0; k < p.lanes[i].count; k++)
			put_bar(&p, &p.lanes[i], k);
	put_events(&p);
	if (p.left_out)
		smsc_buf_printf(out, "<text class=\"date\" x=\"%d\" y=\"%d\">and %zu more containers</text>\n", FULL - 80,
		                TOP + LANE * (int)p.count + 20, p.left_out);
	smsc_buf_str(out, "</svg>\n");
	smsc_axis_free(&p.axis);
}
