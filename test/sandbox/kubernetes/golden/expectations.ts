/**
 * The exchanges that are not answered as they were recorded. Whatever is not named here must match; whatever is named here
 * must not, or its line goes.
 */
export interface Deviation {
  readonly why: string;
  /** Where the answers differ, and nowhere else. */
  readonly differs: readonly string[];
}

/** Answered, and differently. */
export const DEVIATING: Readonly<Record<string, Deviation>> = {
  '004': { why: 'serves only the groups that the bot and its world need', differs: ['groups'] },
  '005': { why: 'serves no DaemonSets and ControllerRevisions, and no storageVersionHash', differs: ['resources'] },
  '015': {
    why: "describes no columns, and ages are those of the run; what the cluster's parts write in-process has no managers",
    differs: ['columnDefinitions[].description', 'rows[].cells[]', 'rows[].object.metadata.managedFields'],
  },
};

/** Not built. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  '231': 'a definition is established at once: there is no time in which its group is missing',
  '232': 'a definition is established at once: there is no time in which its storage initialises',
  '240': 'rules in CEL (x-kubernetes-validations) are not evaluated',
  '315': 'an outage of etcd strikes requests, not /livez',
};
