/** Where a charm says which commits its layers from git are taken at. */
export const LOCK_FILE = 'layers.lock.yaml';
