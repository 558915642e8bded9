"""The incident of January 2005 as evidence: four snapshots of the server, one
client, one newsgroup post, pieces that name a key, and the answers."""
import json

import filetime
import incident_answers
import incident_client
import incident_events
import incident_evidence
import incident_hives
import incident_keys
import incident_logs
import story
import tree
from archive_tar import tar_gz
from archive_zip import zip_file
from bkf import bkf_file

ROOT = "incident-2005"


def snapshot_files(snapshot):
    """{path: File} of one restored System State."""
    files = incident_keys.master_key_files()
    files.update(incident_keys.container_files(snapshot))
    files.update(incident_logs.server_log_files(snapshot))
    files.update(incident_hives.hive_files(snapshot))
    files.update(incident_events.event_files(snapshot))
    files.update(incident_evidence.server_files(snapshot))
    return files


def build():
    """{path: File} of everything below incident-2005/."""
    files = {}
    for snapshot in story.SNAPSHOTS:
        files.update(tree.below(snapshot, snapshot_files(snapshot)))
    files.update(_archives())
    client = {**incident_client.client_files_now(), **incident_evidence.client_files()}
    files.update(tree.below("client-" + story.CLIENT, client))
    files.update(tree.below("forum", incident_client.forum_files()))
    files.update(tree.below("evidence", incident_evidence.loose_files()))
    timed = dict(files)
    files["TIMES.tsv"] = tree.File(_times(timed), story.RECOVERED_BACKUP)
    answers = json.dumps(incident_answers.answers(), indent=1) + "\n"
    files["ANSWERS.json"] = tree.File(answers.encode(), story.RECOVERED_BACKUP)
    files.update(incident_answers.key_files())
    return tree.below(ROOT, files)


def _archives():
    """Each snapshot again: two as archives of the same tree, two as backups."""
    return {
        "2005-01-07.bkf": _backup("2005-01-07", story.EVENING_BACKUP),
        "2005-01-09.bkf": _backup("2005-01-09", story.SUNDAY_BACKUP),
        "2004-12-28.zip": tree.File(zip_file(snapshot_files("2004-12-28")),
                                    story.HEALTHY_BACKUP + filetime.SECOND),
        "2005-01-12.tar.gz": tree.File(tar_gz(snapshot_files("2005-01-12")),
                                       story.RECOVERED_BACKUP + filetime.SECOND),
    }


def _backup(snapshot, written):
    data = bkf_file(snapshot_files(snapshot), snapshot + ".bkf", story.SERVER, written)
    return tree.File(data, written + filetime.SECOND)


def _times(files):
    """TIMES.tsv: git keeps no times, restore_times.py sets them from this list."""
    lines = ["path\tmodified\tcreated"]
    for path, entry in sorted(files.items()):
        created = filetime.iso(entry.created) if entry.created else "-"
        lines.append("%s\t%s\t%s" % (path, filetime.iso(entry.modified), created))
    return ("\n".join(lines) + "\n").encode()
