// Scans on their way to the server: on the disk before anything green is shown, sent until they are answered.
// Each is sent in order; nothing is ever dropped that the server has not answered.

const MOST_IN_BATCH = 200;
const PATHS = { scan: "/scans", walk_in: "/walk-ins" };

export class StorageFailed extends Error {}

/** The server said no for good: `status`, and its `detail` in the reader's language. */
export class Refused extends Error {
  constructor(status, detail, type = "") {
    super(detail);
    this.status = status;
    this.type = type;
  }

  /** Whether the same will never succeed: only what was sent is to blame, not the phone, server or way. */
  get isFinal() {
    return this.status === 400 || this.status === 409 || this.status === 422;
  }
}

export class Queue {
  #store;
  #book;
  #server;
  #device;
  #newId;
  #waiting = new Map();
  #busy = Promise.resolve();
  #flushing = null;
  #asked = new Set();
  #undone = new Set();
  #sent = 0;
  /** Called when the number of waiting or sent scans changed. */
  onChange = () => {};
  /** Called with (record, detail) for what the server will never take. */
  onTrouble = () => {};

  /** `server.post(path, body)` raises Refused, or anything else where the network fails. */
  constructor(store, book, server, { device, newId }) {
    this.#store = store;
    this.#book = book;
    this.#server = server;
    this.#device = device;
    this.#newId = newId;
  }

  async load() {
    for (const record of await this.#store.all("scans")) this.#wait(record);
    this.#book.addMine(this.mine);
    this.#sent = (await this.#store.fact("sent")) ?? 0;
    this.onChange();
  }

  #wait(record) {
    this.#waiting.set(record.seq, record);
    if (record.kind === "void") this.#undone.add(record.body.voids);
  }

  get waiting() {
    return this.#waiting.size;
  }

  get sent() {
    return this.#sent;
  }

  /** Own scans that the server does not know yet: they stand against what it says of these people. */
  get mine() {
    return [...this.#waiting.values()].filter(({ place, shown }) => place && shown);
  }

  /** Decides and writes. With `alone` the local answer is final at once. {record, local}; raises StorageFailed.
   * `party`: as in Book.judge, of somebody without a registration, whose body is a closed letter. */
  take(body, moment, alone, party = null) {
    return this.#inTurn(async () => {
      const scanId = this.#newId();
      const judged = this.#book.isReady ? await this.#book.judge(body, scanId, moment, party) : null;
      const record = {
        kind: party ? "walk_in" : "scan",
        scan_id: scanId,
        body: { ...body, scanned_at: moment.toISOString() },
        shown: "",
        place: judged?.place ?? "",
        change: 0,
      };
      const final = alone && judged;
      await this.#write(final ? this.#shownAs(record, judged) : record, final ? judged.row : null);
      if (final) this.#book.note(judged);
      return { record, local: judged?.answer ?? null, judged };
    });
  }

  /** The local answer is what the person is told: the server took too long. */
  tell(record, judged) {
    return this.#inTurn(async () => {
      if (!this.#waiting.has(record.seq)) return;
      await this.#write(this.#shownAs(record, judged), judged.row);
      this.#book.note(judged);
    });
  }

  #shownAs(record, { answer, change }) {
    return Object.assign(record, { shown: answer.outcome, change });
  }

  /** An undo is a record of its own; the scan stays. */
  undo(record, judged, moment) {
    return this.#inTurn(async () => {
      const taken = { kind: "void", scan_id: this.#newId(), body: { voids: record.again ?? record.scan_id, undone_at: moment.toISOString() }, shown: "", place: "", change: 0 };
      await this.#write(taken, judged?.before ?? null);
      if (judged?.row) this.#book.note({ row: judged.before, place: judged.place, change: -judged.change });
      return taken;
    });
  }

  async #write(record, row) {
    try {
      const { seq, ...rest } = record;
      const [key] = await this.#store.put(
        { scans: [seq === undefined ? rest : record], ...(row ? { people: [row] } : {}) },
        { strict: true },
      );
      record.seq = key;
      this.#wait(record);
      this.onChange();
    } catch (error) {
      throw new StorageFailed(String(error));
    }
  }

  /** The server's answer to one scan, now; raises what the server raised, and the scan waits. */
  async ask(record, judged) {
    this.#asked.add(record.seq);
    try {
      const answer = await this.#server.post(PATHS[record.kind], this.#request(record));
      await this.#inTurn(() => this.#answered(record, answer, judged));
      return answer;
    } catch (error) {
      if (error instanceof Refused && error.isFinal) await this.#drop(record, error);
      throw error;
    } finally {
      this.#asked.delete(record.seq);
    }
  }

  #request({ scan_id: scanId, body, shown }) {
    return { scan_id: scanId, device: this.#device, ...body, ...(shown ? { decided: shown } : {}) };
  }

  /** Everything that waits, in order. Whoever comes while it runs waits for the same. */
  flush() {
    this.#flushing ??= this.#flush().finally(() => (this.#flushing = null));
    return this.#flushing;
  }

  async #flush() {
    for (;;) {
      const next = [...this.#waiting.values()].filter(({ seq }) => !this.#asked.has(seq));
      if (!next.length || this.#undoesAsked(next[0])) return;
      if (next[0].kind === "void") await this.#sendVoid(next[0]);
      else if (next[0].kind === "walk_in") await this.#sendWalkIn(next[0]);
      else {
        const end = next.findIndex(({ kind }) => kind !== "scan");
        await this.#sendBatch(next.slice(0, Math.min(end < 0 ? next.length : end, MOST_IN_BATCH)));
      }
    }
  }

  #undoesAsked({ body }) {
    return [...this.#asked].some((seq) => this.#waiting.get(seq)?.scan_id === body.voids);
  }

  async #sendWalkIn(record) {
    try {
      const answer = await this.#server.post(PATHS.walk_in, this.#request(record));
      await this.#inTurn(() => this.#answered(record, answer, null));
    } catch (error) {
      if (!(error instanceof Refused) || !error.isFinal) throw error;
      await this.#drop(record, error);
    }
  }

  async #sendVoid(record) {
    try {
      await this.#server.post(`/scans/${record.body.voids}/void`, {
        scan_id: record.scan_id,
        device: this.#device,
        undone_at: record.body.undone_at,
      });
      await this.#inTurn(() => this.#forget([record]));
    } catch (error) {
      if (!(error instanceof Refused) || !(error.isFinal || error.status === 404)) throw error;
      await this.#drop(record, error);
    }
  }

  async #sendBatch(records) {
    const { items } = await this.#server.post("/scans/batch", { scans: records.map((record) => this.#request(record)) });
    const answers = new Map(items.filter(({ problem }) => !problem).map((answer) => [answer.scan_id, answer]));
    const problems = new Map(items.filter(({ problem }) => problem).map((answer) => [answer.problem.index, answer]));
    await this.#inTurn(async () => {
      for (const [index, record] of records.entries()) {
        const problem = problems.get(index);
        if (problem) this.onTrouble(record, problem.detail);
        else if (!answers.has(record.scan_id)) throw new Error("a scan was not answered");
        else await this.#follow(record, answers.get(record.scan_id));
      }
      await this.#forget(records);
    });
  }

  async #answered(record, answer, judged) {
    await this.#follow(record, answer);
    if (!record.shown && judged?.place && !judged.isWalkIn && (answer.outcome === "admitted" || answer.outcome === "left")) {
      const row = { ...(judged.row ?? judged.before ?? { key: judged.place, first: null }), key: judged.place };
      row.inside = answer.outcome === "admitted";
      row.first ??= { gate: record.body.gate, at: Date.parse(record.body.scanned_at) };
      await this.#store.put({ people: [row] });
      this.#book.note({ row, place: judged.place, change: judged.change });
    }
    await this.#forget([record]);
  }

  /** The person was told something else than what the server recorded: it learns what happened. */
  async #follow(record, answer) {
    const { shown } = record;
    if (this.#isUndone(record)) return;
    if (shown === "admitted" && answer.outcome !== "admitted" && !answer.conflict) {
      const again = { ...record, scan_id: this.#newId() };
      delete again.seq;
      record.again = again.scan_id;
      await this.#write(again, null);
    } else if ((shown === "refused" || shown === "already_admitted") && answer.outcome === "admitted") {
      await this.#write(
        { kind: "void", scan_id: this.#newId(), body: { voids: record.scan_id, undone_at: record.body.scanned_at }, shown: "", place: "", change: 0 },
        null,
      );
    }
  }

  #isUndone({ scan_id: scanId }) {
    return this.#undone.has(scanId);
  }

  async #drop(record, error) {
    this.onTrouble(record, error.message);
    await this.#inTurn(() => this.#forget([record]));
  }

  async #forget(records) {
    const there = records.filter(({ seq }) => this.#waiting.has(seq));
    if (!there.length) return;
    await this.#store.remove("scans", there.map(({ seq }) => seq));
    for (const { seq } of there) this.#waiting.delete(seq);
    this.#sent += there.filter(({ kind }) => kind !== "void").length;
    await this.#store.put({ facts: [{ name: "sent", value: this.#sent }] });
    this.onChange();
  }

  #inTurn(deed) {
    const mine = this.#busy.then(deed);
    this.#busy = mine.catch(() => {});
    return mine;
  }
}
