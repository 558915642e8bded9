/* host.h - the machines that the snapshots are of, and what is in force on each now. */
#ifndef SMSC_ANALYSIS_HOST_H
#define SMSC_ANALYSIS_HOST_H

#include "machine.h"

typedef struct smsc_absent smsc_absent;

typedef struct smsc_host {
	size_t      order;             /* its place in the case */
	const char *name;              /* of the computer, as a registry says it; or NULL */
	const smsc_snapshot **snapshots; /* oldest first */
	size_t      count;
	bool        assumed;           /* that these are of one machine: nothing shows it */
	const smsc_snapshot *now;      /* the newest that shows key files, or NULL */
	const char *guid;              /* the MachineGuid in force there, or NULL: not known */
	bool        guid_read;         /* by its registry; else it ends the newest key file's name */
	struct smsc_standing **standings; /* of its containers, in the order of the generations */
	size_t      standing_count, standing_room;
	smsc_absent *absent;           /* absent.h */
	size_t      absent_count, absent_room;
	/* The newest change of the MachineGuid: two hives, or NULL where none shows one. */
	const smsc_software *reset, *before;
} smsc_host;

/* smsc_case_hosts() sorts them: backups that were given together are of one machine, unless
 * their registries name two. */

/* The order of two snapshots in time: <0, 0 (the same one), >0. */
int  smsc_snapshot_compare(const smsc_snapshot *a, const smsc_snapshot *b);
/* The file that CryptoAPI opens on the host now, among those of the `count` generations of one
 * container; or NULL. */
const smsc_key_file *smsc_host_live_file(const smsc_host *h, smsc_generation *const *list, size_t count);

#endif
