/* pool.c - tasks that other threads may do. */
#include "pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct smsc_pool {
	pthread_mutex_t lock;
	pthread_cond_t  given, done;     /* a task was */
	smsc_task      *first, **last;   /* given, not begun; oldest first */
	bool            ends;
	unsigned        workers, most;   /* they are started as tasks come */
	pthread_t       worker[SMSC_POOL_MOST];
};

static smsc_task *take_first(smsc_pool *p)
{
	smsc_task *task = p->first;
	p->first = task->next;
	if (!p->first)
		p->last = &p->first;
	return task;
}

/* Does it without the lock, which is held before and after. */
static void run(smsc_pool *p, smsc_task *task)
{
	task->state = SMSC_TASK_RUNS;
	pthread_mutex_unlock(&p->lock);
	task->run(task->arg);
	pthread_mutex_lock(&p->lock);
	task->state = SMSC_TASK_DONE;
	pthread_cond_broadcast(&p->done);
}

static void *work(void *arg)
{
	smsc_pool *p = arg;
	pthread_mutex_lock(&p->lock);
	while (!p->ends) {
		if (p->first)
			run(p, take_first(p));
		else
			pthread_cond_wait(&p->given, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Signals are for the threads of the caller. */
static void start_worker(smsc_pool *p)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&p->worker[p->workers], NULL, work, p))
		p->most = p->workers;
	else
		p->workers++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

smsc_pool *smsc_pool_new(unsigned threads)
{
	smsc_pool *p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->given, NULL);
	pthread_cond_init(&p->done, NULL);
	p->last = &p->first;
	if (threads > 1)
		p->most = (threads < SMSC_POOL_MOST ? threads : SMSC_POOL_MOST) - 1;
	return p;
}

unsigned smsc_pool_threads(const smsc_pool *p)
{
	return p ? p->most + 1 : 0;
}

void smsc_pool_give(smsc_pool *p, smsc_task *task)
{
	if (!p->most) {
		task->run(task->arg);
		task->state = SMSC_TASK_DONE;
		return;
	}
	pthread_mutex_lock(&p->lock);
	task->state = SMSC_TASK_GIVEN;
	task->next = NULL;
	*p->last = task;
	p->last = &task->next;
	if (p->workers < p->most)
		start_worker(p);
	pthread_cond_signal(&p->given);
	pthread_mutex_unlock(&p->lock);
}

bool smsc_pool_has_done(smsc_pool *p, const smsc_task *task)
{
	pthread_mutex_lock(&p->lock);
	bool done = task->state == SMSC_TASK_DONE;
	pthread_mutex_unlock(&p->lock);
	return done;
}

void smsc_pool_wait(smsc_pool *p, smsc_task *task)
{
	pthread_mutex_lock(&p->lock);
	while (task->state == SMSC_TASK_GIVEN || task->state == SMSC_TASK_RUNS) {
		if (p->first)
			run(p, take_first(p));
		else
			pthread_cond_wait(&p->done, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
}

void smsc_pool_free(smsc_pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->ends = true;
	pthread_cond_broadcast(&p->given);
	pthread_mutex_unlock(&p->lock);
	while (p->workers)
		pthread_join(p->worker[--p->workers], NULL);
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->given);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
