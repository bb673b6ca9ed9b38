// The door's book: the list, the rules and who is where, in memory and on the disk; it decides alone.
import { changesPresence, decide } from "./rules.js";
import { Reader, unseal } from "./ticket.js";

const placeKey = (id, point) => `${id}|${point}`;

export class Book {
  #store;
  #head = null;
  #reader = null;
  #tickets = new Map();
  #partIds = new Map();
  #names = new Map();
  #people = new Map();
  #inside = {};
  #placesLeft = null;

  constructor(store) {
    this.#store = store;
  }

  /** From the disk, as it was left. */
  async load() {
    const [head, inside, placesLeft, parts, names, people] = await Promise.all([
      this.#store.fact("head"),
      this.#store.fact("inside"),
      this.#store.fact("places"),
      this.#store.all("parts"),
      this.#store.all("names"),
      this.#store.all("people"),
    ]);
    if (head) this.#open(head);
    for (const { part, tickets } of parts) this.#fill(part, tickets);
    for (const each of names) for (const [id, sealed] of Object.entries(each.names)) this.#names.set(id, sealed);
    for (const person of people) this.#people.set(person.key, person);
    this.#inside = inside ?? {};
    this.#placesLeft = placesLeft ?? null;
  }

  /** With what this device did since the last news, and the server does not know yet. */
  addMine(mine) {
    for (const record of mine) {
      if (record.change) this.#count(record.place, record.change);
      if (record.kind === "walk_in" && this.#placesLeft !== null) this.#placesLeft -= record.change;
    }
  }

  /** For whoever comes without a registration, as far as this device knows; null: no limit, or not known. */
  get placesLeft() {
    return this.#placesLeft === null ? null : Math.max(0, this.#placesLeft);
  }

  get isReady() {
    return this.#head !== null;
  }

  get cursor() {
    return this.#head?.cursor ?? "";
  }

  /** How many are inside the event, as far as this device knows. */
  get inside() {
    return this.#inside[""] ?? 0;
  }

  #open(head) {
    this.#head = head;
    this.#reader = new Reader(head);
  }

  #fill(part, tickets) {
    for (const id of this.#partIds.get(part) ?? []) this.#tickets.delete(id);
    for (const ticket of tickets) this.#tickets.set(ticket.id, ticket);
    this.#partIds.set(part, tickets.map(({ id }) => id));
  }

  /** A manifest, whole or of the parts that changed. */
  async take({ tickets, ...head }) {
    const byPart = new Map(head.parts.map((part) => [part, []]));
    for (const ticket of tickets) byPart.get(parseInt(ticket.id.slice(0, 2), 16) % head.parts_total)?.push(ticket);
    const parts = [...byPart].map(([part, some]) => ({ part, tickets: some }));
    await this.#store.put({ parts, facts: [{ name: "head", value: head }] });
    this.#open(head);
    for (const { part, tickets: some } of parts) this.#fill(part, some);
  }

  /** Which of these parts have never brought their names. */
  async partsWithoutNames(changed) {
    const there = new Set((await this.#store.all("names")).map(({ part }) => part));
    return [...Array(this.#head.parts_total).keys()].filter((part) => changed.includes(part) || !there.has(part));
  }

  /** Sealed names of these parts. */
  async takeNames(wanted, names) {
    const byPart = new Map(wanted.map((part) => [part, {}]));
    for (const [id, sealed] of Object.entries(names)) {
      const part = parseInt(id.slice(0, 2), 16) % this.#head.parts_total;
      if (byPart.has(part)) byPart.get(part)[id] = sealed;
      this.#names.set(id, sealed);
    }
    await this.#store.put({ names: [...byPart].map(([part, some]) => ({ part, names: some })) });
  }

  /** What other doors did. `mine`: scans of this device that the server does not know yet; they stand. */
  async takeNews({ people, inside, places_left: placesLeft, cursor }, mine) {
    const rows = people.map((each) => ({
      key: placeKey(each.id, each.point ?? ""),
      inside: Boolean(each.inside),
      first: each.first_at ? { gate: each.first_gate ?? "", at: Date.parse(each.first_at) } : null,
    }));
    const own = new Set(mine.map(({ place }) => place));
    const fresh = rows.filter(({ key }) => !own.has(key));
    await this.#store.put({
      people: fresh,
      facts: [{ name: "inside", value: inside }, { name: "places", value: placesLeft }, { name: "news", value: cursor }],
    });
    for (const row of fresh) this.#people.set(row.key, row);
    this.#inside = { ...inside };
    this.#placesLeft = placesLeft;
    this.addMine(mine);
  }

  #count(place, change) {
    const point = place.slice(place.indexOf("|") + 1);
    this.#inside[point] = (this.#inside[point] ?? 0) + change;
  }

  newsCursor() {
    return this.#store.fact("news");
  }

  /** The answer that the server would give, as far as this device knows, and the row that keeps it.
   * null: only the server can tell, also where the browser has no means to verify (no Ed25519, no https).
   * `party`: {people, invited} of somebody without a registration, `invited` false where others decide that. */
  async judge(body, scanId, moment, party = null) {
    if (party) return this.#judgeWalkIn(body, scanId, moment, party);
    try {
      return await this.#judge(body, scanId, moment);
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return null;
      throw error;
    }
  }

  async #judge({ ticket_code: code, member = "", session: sessionCode, direction, gate, override }, scanId, moment) {
    const reading = await this.#reader.read(code);
    if (reading.onlyServer) return null;
    const session = sessionCode === null ? null : this.#session(sessionCode);
    const holder = await this.#lookUp(reading);
    const { ticket, id, isNew } = member ? this.#memberOf(holder, member) : holder;
    const place = id ? placeKey(id, sessionCode ?? "") : "";
    const known = this.#people.get(place);
    const presence = known?.first ? { inside: known.inside, first: known.first } : null;
    const decision =
      sessionCode !== null && !session
        ? { outcome: "refused", reason: "unknown_session", first: null }
        : decide(this.#door(), ticket, presence, session, {
            goingOut: direction === "out",
            overridden: Boolean(override),
            moment: moment.getTime(),
            overridable: this.#head.overridable,
          });
    const name = id && reading.signature && this.#names.has(id) ? await unseal(this.#names.get(id), reading.signature) : null;
    const answer = {
      ...decision,
      scan_id: scanId,
      direction,
      gate,
      session: sessionCode,
      registration: id ? { name: name?.[0] ?? "", organisation: name?.[1] ?? "", places: this.#places(ticket.codes) } : null,
      note: this.#note(decision, isNew, session),
      first_scan: decision.first && { gate: decision.first.gate, scanned_at: new Date(decision.first.at).toISOString() },
      group: this.#group(holder, id, sessionCode ?? "", decision),
      isLocal: true,
    };
    if (!place || !changesPresence(decision)) return { answer, place, change: 0, row: null, before: null };
    const inside = decision.outcome === "admitted";
    const row = { key: place, inside, first: presence?.first ?? { gate, at: moment.getTime() } };
    const change = Number(inside) - Number(Boolean(presence?.inside));
    return { answer, place, change, row, before: known ?? { key: place, inside: false, first: null } };
  }

  /** The door's rules as for somebody with a place, then the places, as features/admission/walk_in.py has it. */
  #judgeWalkIn({ session: sessionCode, gate, override }, scanId, moment, { people, invited }) {
    const session = sessionCode === null ? null : this.#session(sessionCode);
    const isFull = !override && this.placesLeft !== null && people > this.placesLeft;
    const refusal =
      sessionCode !== null && !session
        ? "unknown_session"
        : decide(
            this.#door(),
            { status: invited ? "confirmed" : "pending", listed: 0, generation: null, sessions: {} },
            null,
            session && { ...session, inside: session.inside + people - 1 },
            { goingOut: false, overridden: Boolean(override), moment: moment.getTime(), overridable: this.#head.overridable },
          ).reason;
    const reason = refusal === "ok" && isFull ? "event_full" : refusal;
    const admitted = reason === "ok";
    const answer = {
      outcome: admitted ? "admitted" : "refused",
      reason,
      scan_id: scanId,
      direction: "in",
      gate,
      session: sessionCode,
      registration: { name: "", organisation: "", places: [] },
      note: admitted && this.placesLeft !== null ? "places_then" : "",
      first_scan: null,
      isLocal: true,
    };
    return { answer, place: placeKey("", sessionCode ?? ""), change: admitted ? people : 0, row: null, before: null, isWalkIn: true };
  }

  /** After it was written: the next decision counts with it. */
  note({ row, place, change, isWalkIn }) {
    if (isWalkIn) this.addMine([{ kind: "walk_in", place, change }]);
    if (!row) return;
    this.#people.set(row.key, row);
    this.#count(place, change);
  }

  async #lookUp(reading) {
    if (reading.unreadable) return { ticket: { unreadable: reading.unreadable }, id: "" };
    const { number } = this.#head.event;
    if (reading.event !== null && reading.event !== number) return { ticket: { unreadable: "other_event" }, id: "" };
    const id = await this.#reader.listId(number, reading.ticketId);
    const listed = this.#tickets.get(id);
    if (listed) {
      return { ticket: { ...this.#listedTicket(listed), generation: reading.generation }, id, companions: listed.companions };
    }
    // Signed by us and not on the list: issued after the last sync.
    if (!reading.signature) return { ticket: { unreadable: "unknown_code" }, id: "" };
    const { generation } = reading;
    return { ticket: { status: "confirmed", listed: generation, generation, sessions: {}, codes: [] }, id, isNew: true };
  }

  /** Somebody of the holder's group, by the holder's ticket. */
  #memberOf({ ticket, companions = [] }, member) {
    const listed = companions.includes(member) ? this.#tickets.get(member) : null;
    if (!listed) return { ticket: { unreadable: ticket.unreadable ?? "unknown_code" }, id: "" };
    return { ticket: { ...this.#listedTicket(listed), listed: ticket.listed, generation: ticket.generation }, id: member };
  }

  /** All of the group with whether they are inside after this decision, the holder first; [] where there is none. */
  #group({ id: holder, companions = [] }, decided, point, decision) {
    if (!companions.length) return [];
    const present = [holder, ...companions].filter((id) => !["cancelled", "refused", undefined].includes(this.#tickets.get(id)?.status));
    return present.map((id) => {
      const inside = Boolean(this.#people.get(placeKey(id, point))?.inside);
      return { id, inside: id === decided && changesPresence(decision) ? decision.outcome === "admitted" : inside };
    });
  }

  #listedTicket({ status, generation = 0, sessions: codes = [] }) {
    return { status, listed: generation, sessions: Object.fromEntries(codes.map((code) => [this.#session(code)?.slot, code])), codes };
  }

  /** What only the server can know of this answer. */
  #note({ outcome }, isNew, session) {
    if (outcome !== "admitted") return "";
    if (isNew) return "new_ticket";
    return session?.capacity ? "shared_room" : "";
  }

  #door() {
    const { status, opens_at: opens, closes_at: closes } = this.#head.event;
    return { status, opens: Date.parse(opens), closes: Date.parse(closes) };
  }

  #session(code) {
    const found = this.#head.sessions.find((each) => each.code === code);
    return found ? { ...found, inside: this.#inside[code] ?? 0 } : null;
  }

  #places(codes = []) {
    return codes.map((code) => this.#session(code)).filter(Boolean).map(({ code, title, room }) => ({ session: code, title, room }));
  }
}
