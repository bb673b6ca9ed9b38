// Doors on a bad day: the page's own book, queue and exchange, a real server, and a network that cuts, loses and
// doubles. Prints what people were told, which is what happened.
import "fake-indexeddb/auto";
import { readFileSync, writeFileSync } from "node:fs";
import { Book } from "../../events_app/static/js/door/book.js";
import { Queue, Refused } from "../../events_app/static/js/door/queue.js";
import { Store } from "../../events_app/static/js/door/store.js";
import { Sync } from "../../events_app/static/js/door/sync.js";

const { api, key, codes, scans, gates, seed, began } = JSON.parse(readFileSync(0, "utf-8"));

let state = seed;
function chance() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
const often = (share) => chance() < share;
const oneOf = (list) => list[Math.floor(chance() * list.length)];

let ids = 0;
const newId = () => `scan-${seed}-${(ids += 1)}`;

/** What stands between a phone and the server. */
class Way {
  cut = false;
  calm = false;

  async #ask(path, body) {
    if (this.cut || (!this.calm && often(0.05))) throw new TypeError("no network");
    const ask = async () => {
      const method = body ? "POST" : "GET";
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", connection: "keep-alive" };
      const response = await fetch(api + path, { method, headers, body: body && JSON.stringify(body) });
      const answer = await response.json();
      if (!response.ok) throw new Refused(response.status, answer.detail, answer.type);
      return answer;
    };
    const answer = await ask();
    if (this.calm || !body) return answer;
    if (often(0.05)) return ask();
    if (often(0.1)) throw new TypeError("the answer was lost");
    return answer;
  }

  post(path, body) {
    return this.#ask(path, body);
  }

  get(path) {
    return this.#ask(path, null);
  }
}

class Door {
  constructor(name) {
    this.name = name;
    this.way = new Way();
    this.clockError = Math.round((chance() - 0.5) * 20 * 60_000);
  }

  /** Also after a kill: from what is on the disk. */
  async open() {
    this.store?.close();
    this.store = await Store.open(this.name);
    this.book = new Book(this.store);
    await this.book.load();
    this.queue = new Queue(this.store, this.book, this.way, { device: this.name, newId });
    this.queue.onTrouble = (record, detail) => troubles.push([record.scan_id, detail]);
    await this.queue.load();
    this.sync = new Sync(this.way, this.queue, this.book, this.name);
    this.sync.onConflicts = (found) => (this.conflicts = found.length);
  }

  /** The phone's clock is wrong; what the exchange told it of the server's puts it right. */
  moment(truth) {
    const shown = truth + this.clockError;
    return new Date(shown - this.clockError);
  }

  async scan(code, direction, truth) {
    const moment = this.moment(truth);
    const body = { ticket_code: code, gate: this.name, session: null, direction, override: "" };
    const taken = await this.queue.take(body, moment, this.way.cut);
    let told = taken.local;
    if (!this.way.cut) {
      const slow = often(0.1);
      if (slow) await this.queue.tell(taken.record, taken.judged);
      const answer = await this.queue.ask(taken.record, taken.judged).catch(() => null);
      if (answer && !slow) told = answer;
      else if (!slow) await this.queue.tell(taken.record, taken.judged);
    }
    const happened = { door: this.name, code, direction, outcome: told.outcome, at: moment.getTime() };
    if (told.outcome === "admitted" && often(0.02)) {
      await this.queue.undo(taken.record, taken.judged, moment);
      happened.outcome = "voided";
    }
    return happened;
  }
}

const troubles = [];
const happened = [];
const doors = Array.from({ length: gates }, (_, index) => new Door(`gate-${index}`));
for (const door of doors) {
  await door.open();
  door.way.calm = true;
  await door.sync.run();
  door.way.calm = false;
}
for (let count = 0; count < scans; count += 1) {
  const door = oneOf(doors);
  if (often(0.02)) door.way.cut = !door.way.cut;
  if (often(0.005)) await door.open();
  if (often(0.02)) await oneOf(doors).sync.run();
  const direction = often(0.15) ? "out" : "in";
  happened.push(await door.scan(oneOf(codes), direction, began + count * 50));
}
for (const door of [...doors].reverse()) Object.assign(door.way, { cut: false, calm: true });
for (let round = 0; round < 5; round += 1) for (const door of doors) await door.sync.run();
writeFileSync(
  1,
  JSON.stringify({ happened, troubles, waiting: doors.map(({ queue }) => queue.waiting), conflicts: doors.map((door) => door.conflicts) }),
);
process.exit(0);
