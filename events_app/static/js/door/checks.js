// What needs a look: one bar, « 29 envoyés, 2 à vérifier », and a list with names that stays until each is seen.
// Names come from the server and live in the page only; what was seen is kept by the ids of the scans.

const element = (id) => document.getElementById(id);

export class Checks {
  #open = new Map();
  #seen = new Set();
  #words;
  #kept;
  #time;

  /** `kept`: {read(), write(ids)} keeps what was acknowledged; `time(text)` says an instant. */
  constructor(words, kept, time) {
    this.#words = words;
    this.#kept = kept;
    this.#time = time;
    this.#seen = new Set(kept.read());
  }

  /** The server's list, whole: what is no longer on it was settled. */
  take(conflicts) {
    for (const [id, each] of this.#open) if (!each.isTrouble) this.#open.delete(id);
    for (const each of conflicts) {
      const id = `${each.device}/${each.scan_id}`;
      if (!this.#seen.has(id)) this.#open.set(id, each);
    }
    this.#show();
  }

  /** What the server will not take from this device. */
  trouble(record, detail) {
    const at = record.body.scanned_at ?? new Date().toISOString();
    this.#open.set(record.scan_id, { isTrouble: true, name: "", detail, gate: record.body.gate ?? "", scanned_at: at });
    this.#show();
  }

  #acknowledge(id) {
    this.#open.delete(id);
    this.#seen.add(id);
    this.#kept.write([...this.#seen]);
    this.#show();
  }

  /** `sent`: how many scans went out since the network came back. */
  caughtUp(sent) {
    element("door-check-sent").textContent = sent ? this.#words.caught_up.replace("{count}", sent) : "";
    this.#show();
  }

  #show() {
    const count = this.#open.size;
    element("door-check-count").textContent = count ? this.#words.to_check.replace("{count}", count) : "";
    element("door-check").hidden = !count;
    element("door-check-list").replaceChildren(...[...this.#open].map(([id, each]) => this.#line(id, each)));
  }

  #line(id, { name, detail, gate, scanned_at: at }) {
    const line = document.createElement("li");
    const words = document.createElement("p");
    const who = document.createElement("strong");
    who.textContent = name || this.#words.no_name;
    const what = document.createElement("span");
    what.textContent = detail;
    const where = document.createElement("small");
    where.textContent = [this.#time(at), gate].filter(Boolean).join(" · ");
    words.append(who, what, where);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = this.#words.seen;
    button.addEventListener("click", () => this.#acknowledge(id));
    line.append(words, button);
    return line;
  }
}
