/* html_page.c - around the rows of a page: its head, its style, its picture.
 *
 * The page asks for nothing: no script, no font, no link to elsewhere, and its policy says so.
 */
#include <string.h>

#include "../analysis/host.h"
#include "markup.h"

static const char head[] =
	"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"referrer\" content=\"no-referrer\">\n";

static const char style[] =
	"<style>\n"
	":root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--dim:#57606a;--line:#d0d7de;--band:#f6f8fa;"
	"--bad:#b3141d;--warn:#7a4e00;--good:#116329}\n"
	"@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--dim:#9da7b1;--line:#30363d;"
	"--band:#161b22;--bad:#ff8b84;--warn:#e3b341;--good:#56d364}}\n"
	"body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;"
	"max-width:1280px;padding:0 24px 48px;overflow-wrap:anywhere}\n"
	"h1{font-size:1.6em;margin:24px 0 4px}h2{margin:36px 0 8px;border-bottom:1px solid var(--line)}"
	"h3{font-size:1em;margin:0}\n"
	"a{color:inherit}nav a{margin-right:1em}.dim,.place{color:var(--dim)}.place,code{font:13px ui-monospace,monospace}\n"
	".finding{border-left:5px solid var(--line);padding:2px 0 2px 12px;margin:14px 0}.finding p{margin:2px 0}"
	".s3{border-color:var(--bad)}.s2{border-color:var(--warn)}\n"
	".w3{color:var(--bad);font-weight:700}.w2{color:var(--warn);font-weight:700}.good{color:var(--good)}\n"
	".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}"
	"th,td{text-align:left;vertical-align:top;padding:3px 10px 3px 0;border-bottom:1px solid var(--line)}"
	"th{position:sticky;top:0;background:var(--paper)}time{white-space:nowrap;font-variant-numeric:tabular-nums}"
	"td,dd,bdi{unicode-bidi:isolate}.number{text-align:right}\n"
	"ol.plan{list-style:none;padding:0}.plan li{border-top:1px solid var(--line);padding:6px 0}"
	"dl{display:grid;grid-template-columns:4em 1fr;margin:2px 0 2px 3em}dt{color:var(--dim)}dd{margin:0}\n"
	"figure{margin:16px 0}.picture{border:1px solid var(--line)}\n"
	"@media print{body{max-width:none;padding:0;font-size:10px}th{position:static}.finding,li,tr{break-inside:avoid}}\n"
	"</style>\n";

/* The machines of the case, or what the case is about where no registry names one. */
static void put_names(smsc_buf *out, const smsc_case *c)
{
	size_t named = 0;
	for (size_t i = 0; c && i < c->host_count; i++)
		if (c->hosts[i]->name) {
			smsc_buf_str(out, named++ ? ", " : "");
			smsc_markup_text(out, c->hosts[i]->name);
		}
	if (!named)
		smsc_buf_str(out, "Key containers");
}

static void put_contents(smsc_buf *out, const smsc_case *c)
{
	static const struct { const char *id, *title; } sections[] = {
		{ "finding", "Findings" }, { "plan", "Recovery plan" }, { "generation", "Keys" },
		{ "certificate", "Certificates" }, { "event", "Timeline" }, { "source", "Evidence" },
	};
	size_t events = 0;
	for (size_t i = 0; i < c->event_count; i++)
		events += !smsc_event_is_routine(c->events[i]);
	const size_t counts[] = { c->findings.count, c->step_count, c->generation_count, c->certificate_count,
	                          events, c->snapshot_count };
	smsc_buf_str(out, "<nav aria-label=\"Sections\">");
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (counts[i])
			smsc_buf_printf(out, "<a href=\"#%s\">%s (%zu)</a> ", sections[i].id, sections[i].title, counts[i]);
	smsc_buf_str(out, "</nav>\n");
}

void smsc_page_begin(smsc_buf *out, const smsc_case *c)
{
	smsc_buf_str(out, head);
	smsc_buf_str(out, "<title>");
	put_names(out, c);
	smsc_buf_str(out, ": which key when</title>\n");
	smsc_buf_str(out, style);
	smsc_buf_str(out, "</head>\n<body>\n<header>\n<h1>");
	put_names(out, c);
	smsc_buf_printf(out, ": which key when</h1>\n<p class=\"dim\">Made by smscrypto %s; all times are UTC.</p>\n",
	                smsc_version());
	if (c)
		put_contents(out, c);
	smsc_buf_str(out, "</header>\n<main>\n");
	if (!c)
		return;
	smsc_buf_str(out, "<figure>\n");
	smsc_picture(out, c, true);
	smsc_buf_printf(out, "<figcaption class=\"dim\">%s The tables below say the same.</figcaption>\n</figure>\n",
	                smsc_picture_legend);
}

void smsc_page_end(smsc_buf *out)
{
	smsc_buf_str(out, "</main>\n</body>\n</html>\n");
}
