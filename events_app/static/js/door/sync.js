// The silent exchange with the server: scans out, list and news in; again and again, whenever there is a chance.

const EVERY_MS = 15_000;

export class Sync {
  #server;
  #queue;
  #book;
  #device;
  #running = null;
  #again = false;
  #named = false;
  /** Called with the conflicts that concern this device. */
  onConflicts = () => {};
  /** Called after each complete exchange. */
  onDone = () => {};

  constructor(server, queue, book, device) {
    this.#server = server;
    this.#queue = queue;
    this.#book = book;
    this.#device = device;
  }

  start() {
    setInterval(() => this.run(), EVERY_MS);
    addEventListener("online", () => this.run());
    document.addEventListener("visibilitychange", () => document.hidden || this.run());
    this.run();
  }

  /** One at a time; asked for while it runs, it runs once more. Never fails: the next one may do better. */
  run() {
    this.#again = this.#running !== null;
    this.#running ??= this.#exchange()
      .catch(() => {})
      .finally(() => {
        this.#running = null;
        if (this.#again) this.run();
      });
    return this.#running;
  }

  async #exchange() {
    await this.#queue.flush();
    const manifest = await this.#server.get(`/door/manifest?since=${encodeURIComponent(this.#book.cursor)}`);
    await this.#book.take(manifest);
    let cursor = (await this.#book.newsCursor()) ?? "";
    for (let more = true; more; ) {
      const device = encodeURIComponent(this.#device);
      const news = await this.#server.get(`/door/news?since=${encodeURIComponent(cursor)}&device=${device}`);
      await this.#book.takeNews(news, this.#queue.mine);
      this.onConflicts(news.conflicts);
      ({ cursor, more } = news);
    }
    this.onDone();
    await this.#names(manifest.parts);
  }

  /** Sealed names come last: the door works without. */
  async #names(parts) {
    const wanted = this.#named ? parts : await this.#book.partsWithoutNames(parts);
    if (wanted.length) {
      const { names } = await this.#server.get(`/door/names?parts=${wanted.join(",")}`);
      await this.#book.takeNames(wanted, names);
    }
    this.#named = true;
  }
}
