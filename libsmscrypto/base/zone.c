/* zone.c - what logs and people call a time zone, to a Windows bias. */
#include <string.h>

#include "text.h"
#include "time.h"

#define WIDEST 14  /* hours; Line Islands, +14:00 */

static bool is_utc(const char *zone)
{
	return smsc_ascii_casecmp(zone, "UTC") == 0 || smsc_ascii_casecmp(zone, "Z") == 0 ||
	       smsc_ascii_casecmp(zone, "GMT") == 0;
}

/* Up to two digits; how many, in *width. */
static int take_two(const char *p, size_t *width)
{
	int value = 0;
	for (*width = 0; *width < 2 && p[*width] >= '0' && p[*width] <= '9'; ++*width)
		value = value * 10 + (p[*width] - '0');
	return value;
}

bool smsc_zone_bias(const char *zone, int32_t *bias)
{
	*bias = 0;
	if (is_utc(zone))
		return true;
	if (*zone != '+' && *zone != '-')
		return false;
	bool east = *zone++ == '+';
	size_t hour_digits, minute_digits = 0;
	int hours = take_two(zone, &hour_digits), minutes = 0;
	zone += hour_digits;
	bool more = *zone != '\0';
	if (*zone == ':')
		zone++;
	else if (more && hour_digits != 2)
		return false;  /* "+530": five hours or fifty-three? */
	if (more)
		minutes = take_two(zone, &minute_digits);
	if (!hour_digits || (more && minute_digits != 2) || zone[minute_digits] != '\0')
		return false;
	if (minutes > 59 || hours * 60 + minutes > WIDEST * 60)
		return false;
	*bias = (hours * 60 + minutes) * (east ? -1 : 1);
	return true;
}

/* Standard bias by the words before "Standard Time" or "Daylight Time", as Windows NT 4,
 * 2000, XP and Server 2003 spell and place them (values of the registry key Time Zones of
 * their days, not today's).  Daylight time is one hour less in every one of them. */
static const struct {
	const char *words;
	int bias;
} zones[] = {
	{ "Dateline", 720 },
	{ "Samoa", 660 },
	{ "Hawaiian", 600 },
	{ "Alaskan", 540 },
	{ "Pacific", 480 },
	{ "Mountain", 420 },
	{ "US Mountain", 420 },
	{ "Central", 360 },
	{ "Canada Central", 360 },
	{ "Central America", 360 },
	{ "Mexico", 360 },
	{ "Eastern", 300 },
	{ "US Eastern", 300 },
	{ "SA Pacific", 300 },
	{ "Atlantic", 240 },
	{ "SA Western", 240 },
	{ "Pacific SA", 240 },
	{ "Newfoundland", 210 },
	{ "E. South America", 180 },
	{ "SA Eastern", 180 },
	{ "Greenland", 180 },
	{ "Mid-Atlantic", 120 },
	{ "Azores", 60 },
	{ "Cape Verde", 60 },
	{ "GMT", 0 },
	{ "Greenwich", 0 },
	{ "W. Europe", -60 },
	{ "Central Europe", -60 },
	{ "Central European", -60 },
	{ "Romance", -60 },
	{ "W. Central Africa", -60 },
	{ "GTB", -120 },
	{ "GFT", -120 },
	{ "E. Europe", -120 },
	{ "FLE", -120 },
	{ "Egypt", -120 },
	{ "South Africa", -120 },
	{ "Jerusalem", -120 },
	{ "Israel", -120 },
	{ "Arab", -180 },
	{ "Arabic", -180 },
	{ "Saudi Arabia", -180 },
	{ "Russian", -180 },
	{ "E. Africa", -180 },
	{ "Iran", -210 },
	{ "Arabian", -240 },
	{ "Caucasus", -240 },
	{ "Afghanistan", -270 },
	{ "Ekaterinburg", -300 },
	{ "West Asia", -300 },
	{ "India", -330 },
	{ "Nepal", -345 },
	{ "Central Asia", -360 },
	{ "N. Central Asia", -360 },
	{ "Sri Lanka", -360 },
	{ "Myanmar", -390 },
	{ "SE Asia", -420 },
	{ "Bangkok", -420 },
	{ "North Asia", -420 },
	{ "China", -480 },
	{ "North Asia East", -480 },
	{ "Malay Peninsula", -480 },
	{ "Singapore", -480 },
	{ "W. Australia", -480 },
	{ "Taipei", -480 },
	{ "Tokyo", -540 },
	{ "Korea", -540 },
	{ "Yakutsk", -540 },
	{ "Cen. Australia", -570 },
	{ "AUS Central", -570 },
	{ "E. Australia", -600 },
	{ "AUS Eastern", -600 },
	{ "Sydney", -600 },
	{ "Tasmania", -600 },
	{ "West Pacific", -600 },
	{ "Vladivostok", -600 },
	{ "Central Pacific", -660 },
	{ "New Zealand", -720 },
	{ "Fiji", -720 },
	{ "Tonga", -780 },
};

static bool ends_with(smsc_span *name, const char *end)
{
	size_t n = strlen(end);
	if (name->size < n || memcmp((const char *)name->data + name->size - n, end, n) != 0)
		return false;
	name->size -= n;
	return true;
}

static bool same(smsc_span name, const char *words)
{
	return strlen(words) == name.size && memcmp(name.data, words, name.size) == 0;
}

static bool words_bias(smsc_span words, int32_t *bias)
{
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		if (!same(words, zones[i].words))
			continue;
		*bias = zones[i].bias;
		return true;
	}
	return false;
}

bool smsc_zone_name_bias(smsc_span name, int32_t *bias)
{
	/* Chihuahua is the one whose name goes on behind "Time". */
	bool second = ends_with(&name, " 2");
	bool daylight = ends_with(&name, " Daylight Time");
	if (!daylight && !ends_with(&name, " Standard Time"))
		return false;
	if ((second && !same(name, "Mexico")) || !words_bias(name, bias))
		return false;
	*bias += (second ? 60 : 0) - (daylight ? 60 : 0);
	return true;
}
