/* pool.h - tasks that other threads may do.  Whoever waits for one does others meanwhile. */
#ifndef SMSC_BASE_POOL_H
#define SMSC_BASE_POOL_H

#include <stdbool.h>

/* More processors than that were never of use to one analysis. */
#define SMSC_POOL_MOST 64u

typedef struct smsc_task {
	void (*run)(void *arg);
	void  *arg;
	struct smsc_task *next;     /* the pool's */
	enum { SMSC_TASK_NEW, SMSC_TASK_GIVEN, SMSC_TASK_RUNS, SMSC_TASK_DONE } state;
} smsc_task;

typedef struct smsc_pool smsc_pool;

/* `threads` are all that may work at once, with the one of the caller; fewer when the system has
 * no more to give.  NULL without memory. */
smsc_pool *smsc_pool_new(unsigned threads);
/* With the one of the caller; 0 of NULL. */
unsigned   smsc_pool_threads(const smsc_pool *p);
/* The task, which is the caller's, must stay where it is until smsc_pool_wait().  With one thread
 * it is done right here. */
void smsc_pool_give(smsc_pool *p, smsc_task *task);
/* Is it? */
bool smsc_pool_has_done(smsc_pool *p, const smsc_task *task);
/* Returns when it is done; at once when it was never given. */
void smsc_pool_wait(smsc_pool *p, smsc_task *task);
/* No task may be given and not waited for.  NULL is fine. */
void smsc_pool_free(smsc_pool *p);

#endif
