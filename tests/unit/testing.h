/* testing.h - what the unit tests are written with: Test() and assertions.
 *
 * The names are those of Criterion.  That starts a program with thirty libraries anew for each
 * test, which took longer than the tests themselves; here a test is a fork of the program.
 * A program runs all of its tests, or those named (SUITE/NAME, with * and ?), and prints TAP.
 *
 *	Test(suite, name, .init = before, .fini = after, .timeout = seconds)
 *	{
 *		cr_assert_eq(2 + 2, 4, "a message for printf, %s", "where one helps");
 *	}
 *
 * TestSuite() has the same for all tests of a suite.  `fini` is also called when a test failed.
 */
#ifndef TESTS_TESTING_H
#define TESTS_TESTING_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct testing {
	const char *suite, *name;  /* name NULL: what holds for a suite */
	void (*run)(void), (*init)(void), (*fini)(void);
	unsigned timeout;          /* seconds; 0: that of the suite, or none */
	struct testing *next;
} testing;

void testing_add(testing *t);

__attribute__((format(printf, 4, 5)))
void testing_failed(const char *file, int line, const char *what, const char *format, ...);

__attribute__((noreturn))
void testing_stop(void);

__attribute__((noreturn, format(printf, 1, 2)))
void testing_skip(const char *format, ...);

#define TESTING_ADD(entry) \
	__attribute__((constructor)) static void entry##_add(void) { testing_add(&entry); }

#define Test(...) TESTING_TEST(__VA_ARGS__, .next = NULL)
#define TESTING_TEST(suite_, name_, ...) \
	static void suite_##_##name_##_run(void); \
	static testing suite_##_##name_##_test = { #suite_, #name_, .run = suite_##_##name_##_run, __VA_ARGS__ }; \
	TESTING_ADD(suite_##_##name_##_test) \
	static void suite_##_##name_##_run(void)

#define TestSuite(...) TESTING_SUITE(__VA_ARGS__, .next = NULL)
#define TESTING_SUITE(suite_, ...) \
	static testing suite_##_suite = { #suite_, NULL, __VA_ARGS__ }; \
	TESTING_ADD(suite_##_suite) struct testing

/* ---- assertions ------------------------------------------------------------------------- */

/* The NULL behind the arguments is the format where there is none, and else one argument more
 * than the format asks for. */
#define TESTING_SAY(stop, what, ...) \
	(testing_failed(__FILE__, __LINE__, what, __VA_ARGS__), stop)
#define TESTING_IS(stop, is, ...) ((is) ? (void)0 : TESTING_SAY(stop, #is, __VA_ARGS__))
#define TESTING_TWO(stop, how, a, b, ...) \
	((a) how (b) ? (void)0 : TESTING_SAY(stop, #a " " #how " " #b, __VA_ARGS__))
#define TESTING_NOT(stop, is, ...) (!(is) ? (void)0 : TESTING_SAY(stop, "!" #is, __VA_ARGS__))
#define TESTING_STR(stop, how, a, b, ...) \
	(strcmp(a, b) how 0 ? (void)0 : TESTING_SAY(stop, #a " " #how " " #b, __VA_ARGS__))
#define TESTING_ARR(stop, a, b, size, ...) \
	(memcmp(a, b, size) == 0 ? (void)0 : TESTING_SAY(stop, #a " == " #b, __VA_ARGS__))

#define cr_assert(...)          TESTING_IS(testing_stop(), __VA_ARGS__, NULL)
#define cr_assert_not(...)      TESTING_NOT(testing_stop(), __VA_ARGS__, NULL)
#define cr_assert_null(...)     TESTING_NOT(testing_stop(), __VA_ARGS__, NULL)
#define cr_assert_not_null(...) TESTING_IS(testing_stop(), __VA_ARGS__, NULL)
#define cr_assert_eq(...)       TESTING_TWO(testing_stop(), ==, __VA_ARGS__, NULL)
#define cr_assert_neq(...)      TESTING_TWO(testing_stop(), !=, __VA_ARGS__, NULL)
#define cr_assert_lt(...)       TESTING_TWO(testing_stop(), <, __VA_ARGS__, NULL)
#define cr_assert_gt(...)       TESTING_TWO(testing_stop(), >, __VA_ARGS__, NULL)
#define cr_assert_leq(...)      TESTING_TWO(testing_stop(), <=, __VA_ARGS__, NULL)
#define cr_assert_geq(...)      TESTING_TWO(testing_stop(), >=, __VA_ARGS__, NULL)
#define cr_assert_str_eq(...)   TESTING_STR(testing_stop(), ==, __VA_ARGS__, NULL)
#define cr_assert_str_neq(...)  TESTING_STR(testing_stop(), !=, __VA_ARGS__, NULL)
#define cr_assert_arr_eq(...)   TESTING_ARR(testing_stop(), __VA_ARGS__, NULL)
#define cr_assert_fail(...)     TESTING_SAY(testing_stop(), "", __VA_ARGS__, NULL)

/* These go on with the test. */
#define cr_expect(...)          TESTING_IS((void)0, __VA_ARGS__, NULL)
#define cr_expect_eq(...)       TESTING_TWO((void)0, ==, __VA_ARGS__, NULL)
#define cr_expect_gt(...)       TESTING_TWO((void)0, >, __VA_ARGS__, NULL)
#define cr_expect_leq(...)      TESTING_TWO((void)0, <=, __VA_ARGS__, NULL)
#define cr_expect_geq(...)      TESTING_TWO((void)0, >=, __VA_ARGS__, NULL)
#define cr_expect_str_eq(...)   TESTING_STR((void)0, ==, __VA_ARGS__, NULL)

#define cr_skip(...)            testing_skip(__VA_ARGS__)

#endif
