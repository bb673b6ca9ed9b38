// What the device keeps: IndexedDB, one database for each event. What must not be lost is written with strict
// durability, that is to say on the disk before the promise is kept. No name is ever written in plain text.

const STORES = { scans: "seq", parts: "part", names: "part", people: "key", facts: "name" };

export class Store {
  #db;

  constructor(db) {
    this.#db = db;
  }

  /** Raises DOMException where the browser keeps nothing (private window, storage refused, disk full). */
  static async open(slug, factory = indexedDB) {
    const request = factory.open(`convive-door-${slug}`, 1);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        request.result.createObjectStore(name, { keyPath, autoIncrement: name === "scans" });
      }
    };
    const db = await done(request);
    db.onversionchange = () => db.close();
    return new Store(db);
  }

  all(name) {
    return done(this.#db.transaction(name).objectStore(name).getAll());
  }

  async fact(name) {
    return (await done(this.#db.transaction("facts").objectStore("facts").get(name)))?.value;
  }

  /** `changes`: {store: [rows]}; all or none. The keys of what was put in, in order. */
  async put(changes, { strict = false } = {}) {
    const names = Object.keys(changes);
    const transaction = this.#db.transaction(names, "readwrite", { durability: strict ? "strict" : "relaxed" });
    const requests = names.flatMap((name) => changes[name].map((row) => transaction.objectStore(name).put(row)));
    await finished(transaction);
    return requests.map((request) => request.result);
  }

  async remove(name, keys) {
    const transaction = this.#db.transaction(name, "readwrite");
    for (const key of keys) transaction.objectStore(name).delete(key);
    await finished(transaction);
  }

  close() {
    this.#db.close();
  }

  /** Nothing of this event is left on the device. */
  async wipe(slug, factory = indexedDB) {
    this.close();
    await done(factory.deleteDatabase(`convive-door-${slug}`));
  }
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
  });
