// The full-screen answer, and the line that stays of it.

const SHOWN_MS = { admitted: 1200, left: 1200, voided: 1200, already_admitted: 6000, refused: 6000 };
const WAITING_MS = 6000;
const UNDO_MS = 10_000;

const element = (id) => document.getElementById(id);

export class Verdict {
  #words;
  #hide = 0;
  #forget = 0;
  #undo = () => {};
  #letIn = () => {};

  /** `words`: of each outcome (`outcomes`, at the way out `outcomes_out`) and « Table {number} » (`table`). */
  constructor(words) {
    this.#words = words;
    element("verdict-close").addEventListener("click", () => this.close());
    element("verdict-let-in").addEventListener("click", () => this.#letIn());
    element("door-undo").addEventListener("click", () => {
      element("door-undo").hidden = true;
      this.#undo();
    });
  }

  /** `undo` is given for what can be taken back, for ten seconds; `letIn` to a supervisor who may overrule. */
  show(answer, undo = null, letIn = null) {
    const { outcome, registration, detail, direction, note = "" } = answer;
    const places = registration?.places ?? [];
    this.#letIn = letIn ?? (() => {});
    element("verdict-let-in").hidden = !letIn;
    const explains = outcome !== "admitted" || answer.reason !== "ok";
    this.#fill(outcome, registration?.name ?? "", places, [explains ? detail : "", note].filter(Boolean).join(" "), direction);
    this.#keep(this.#word(outcome, direction), outcome, registration?.name ?? "", outcome === "admitted" ? places.map((place) => this.#where(place)).join(" · ") : detail, undo);
    clearTimeout(this.#hide);
    this.#hide = setTimeout(() => this.close(), SHOWN_MS[outcome]);
  }

  /** « 1 sur 3 à l'intérieur », and the rest by one touch: `bring(count)`. It stands until it is answered. */
  offerGroup(inside, total, direction, rest, bring) {
    const words = this.#words.group;
    const out = direction === "out" ? "_out" : "";
    element("verdict-group-count").textContent = words.count.replace("{inside}", inside).replace("{total}", total);
    element("verdict-all").textContent = (rest === 1 ? words[`last${out}`] : words[`all${out}`]).replace("{count}", rest);
    element("verdict-one").textContent = words[`one${out}`];
    element("verdict-all").hidden = !rest;
    element("verdict-one").hidden = rest < 2;
    element("verdict-all").onclick = () => bring(rest);
    element("verdict-one").onclick = () => bring(1);
    element("verdict-group").hidden = false;
    if (rest) clearTimeout(this.#hide);
  }

  /** A code was read: felt at once, whatever the answer takes; the last person's verdict is gone. */
  read() {
    clearTimeout(this.#hide);
    element("verdict-let-in").hidden = true;
    this.#fill("reading", "", [], "");
  }

  /** Only the server could tell, and it does not answer: the scan is kept and sent. */
  wait(detail) {
    clearTimeout(this.#hide);
    element("verdict-let-in").hidden = true;
    this.#fill("waiting", "", [], detail);
    this.#hide = setTimeout(() => this.close(), WAITING_MS);
  }

  close() {
    element("verdict").hidden = true;
  }

  /** « Table 7, Session de réseautage, salle B »: what to tell this person first. */
  #where({ table, title, room }) {
    return [table && this.#words.table.replace("{number}", table), title, room].filter(Boolean).join(", ");
  }

  #word(outcome, direction) {
    return (direction === "out" && this.#words.outcomes_out[outcome]) || this.#words.outcomes[outcome];
  }

  #fill(outcome, name, places, detail, direction = "in") {
    const screen = element("verdict");
    screen.dataset.outcome = outcome;
    element("verdict-group").hidden = true;
    element("verdict-word").textContent = this.#word(outcome, direction);
    element("verdict-name").textContent = name;
    element("verdict-places").replaceChildren(...places.map((place) => this.#item(place)));
    element("verdict-detail").textContent = detail;
    screen.hidden = false;
  }

  /** The room on a line of its own: it is what the person asks for. */
  #item({ table, title, room }) {
    const line = document.createElement("li");
    const what = document.createElement("span");
    what.textContent = title;
    const where = document.createElement("strong");
    where.textContent = [room, table && this.#words.table.replace("{number}", table)].filter(Boolean).join(", ");
    line.append(what, ...(where.textContent ? [where] : []));
    return line;
  }

  #keep(word, outcome, name, detail, undo) {
    const line = element("door-last");
    line.dataset.outcome = outcome;
    element("last-word").textContent = word;
    element("last-name").textContent = name;
    element("last-detail").textContent = detail;
    line.hidden = false;
    this.#undo = undo ?? (() => {});
    element("door-undo").hidden = !undo;
    clearTimeout(this.#forget);
    if (undo) this.#forget = setTimeout(() => (element("door-undo").hidden = true), UNDO_MS);
  }
}
