// What was counted and has not reached the server: one entry of the storage each, so that two tabs never overwrite
// each other's.

export class Tallies {
  constructor(storage, slug) {
    this.storage = storage;
    this.prefix = `tally:${slug}:`;
    const key = `count:${slug}:device`;
    this.device = storage.getItem(key) ?? crypto.randomUUID();
    storage.setItem(key, this.device);
  }

  /** Throws where the storage is full or refused. */
  add(tally) {
    const tally_id = crypto.randomUUID();
    this.storage.setItem(this.prefix + tally_id, JSON.stringify({ tally_id, ...tally }));
  }

  /** Oldest first. */
  waiting() {
    return Object.keys(this.storage)
      .filter((key) => key.startsWith(this.prefix))
      .map((key) => JSON.parse(this.storage.getItem(key)))
      .sort((one, other) => one.at.localeCompare(other.at));
  }

  forget(ids) {
    for (const id of ids) this.storage.removeItem(this.prefix + id);
  }
}
