// The door: whatever is read, by camera, scanner or hand, becomes one scan and one answer.
import { keepAwake } from "../awake.js";
import { Book } from "./book.js";
import { Checks } from "./checks.js";
import { Gate } from "./gate.js";
import { listenForScanner } from "./keyboard.js";
import { Queue, Refused, StorageFailed } from "./queue.js";
import { connectSearch } from "./search.js";
import { newScanId, Server } from "./server.js";
import { connectGivingBack, keepShell } from "./shell.js";
import { signal, unlockSound } from "./signals.js";
import { Store } from "./store.js";
import { Sync } from "./sync.js";
import { policy } from "./trusted.js";
import { Verdict } from "./verdict.js";
import { connectCamera } from "./viewfinder.js";
import { connectWalkIn, showPlaces } from "./walk-in.js";
import { clock, sentence } from "./words.js";

const SIGNALS = { admitted: "good", left: "good", voided: "again", already_admitted: "again", refused: "bad", waiting: "again" };

const NEARLY_FULL = 0.9; // of the places, in a room or in all

const element = (id) => document.getElementById(id);
const config = JSON.parse(element("door-config").textContent);
const { words } = config;
const language = document.documentElement.lang;
const memory = {
  kept: (name) => localStorage.getItem(`door.${config.slug}.${name}`),
  keep: (name, value) => localStorage.setItem(`door.${config.slug}.${name}`, value),
};
const time = (text) => clock(new Date(text), config.timezone, language);

const server = new Server(config.api, Number(memory.kept("offset") ?? 0));
server.onOffset = (ms) => memory.keep("offset", String(ms));
if (isFresh()) server.believe(config.server_time, performance.timeOrigin + answeredAt());
server.measure();
const verdict = new Verdict(words);
const gate = new Gate(words, memory);
const checks = new Checks(words, { read: () => JSON.parse(memory.kept("seen") ?? "[]"), write: (ids) => memory.keep("seen", JSON.stringify(ids)) }, time);

/** Whether this page comes from the server just now: one kept by the browser tells an old time. */
function isFresh() {
  const [entry] = performance.getEntriesByType("navigation");
  return Boolean(entry && entry.type !== "back_forward" && entry.transferSize > 0 && !navigator.serviceWorker?.controller);
}

function answeredAt() {
  return performance.getEntriesByType("navigation")[0].responseStart;
}

/** Its ids are this browser's own: several phones may share one account. */
function deviceName() {
  if (!memory.kept("device")) memory.keep("device", newScanId());
  return memory.kept("device");
}

// What is kept on the device

let book = null;
let queue = null;
let sync = null;
const opened = open().catch(storageFailed);

async function open() {
  const store = await Store.open(config.slug);
  book = new Book(store);
  await book.load();
  queue = new Queue(store, book, server, { device: deviceName(), newId: newScanId });
  queue.onChange = showSync;
  queue.onTrouble = (record, detail) => checks.trouble(record, detail);
  await queue.load();
  sync = new Sync(server, queue, book, deviceName());
  sync.onConflicts = (conflicts) => checks.take(conflicts);
  sync.onDone = () => {
    memory.keep("synced", server.now().toISOString());
    element("door").dataset.ready = book.isReady ? "yes" : "no";
    showSync();
  };
  element("door").dataset.ready = book.isReady ? "yes" : "no";
  connectGivingBack(queue, sync, store, config.slug, words);
  sync.start();
}

function storageFailed(error) {
  element("door-storage").hidden = false;
  console.warn("this device keeps nothing", error);
}

let backSince = null;

/** How many scans have not reached the server: always on the screen. */
function showSync() {
  const waiting = queue?.waiting ?? 0;
  const synced = memory.kept("synced");
  const parts = [waiting ? words.to_send.replace("{count}", waiting) : words.all_sent];
  if (synced) parts.push(words.last_exchange.replace("{time}", time(synced)));
  element("door-sync").dataset.waiting = String(waiting);
  element("door-sync-words").textContent = parts.join(" · ");
  element("door-clock").hidden = !server.clockIsWrong;
  if (book) showPlaces(book.placesLeft, words);
  if (waiting && book.isReady) element("count-inside").textContent = new Intl.NumberFormat(language).format(book.inside);
  if (backSince !== null) checks.caughtUp((queue?.sent ?? 0) - backSince);
}

server.onReach = (reached) => {
  element("door-offline").hidden = reached;
  if (!reached) backSince = queue?.sent ?? 0;
  if (reached) sync?.run();
};
addEventListener("offline", () => {
  element("door-offline").hidden = false;
  backSince = queue?.sent ?? 0;
});
addEventListener("online", () => server.measure());
server.onBarred = () => (element("door-barred").hidden = false);

// Scanning

let turn = 0;

function scan(code, override = "", member = "") {
  const body = { ticket_code: code, gate: gate.name, session: gate.session, direction: gate.direction, override };
  return take(member ? { ...body, member } : body, null, () => scan(code, words.let_in, member));
}

/** More of a group by its one ticket, until somebody may not pass. */
async function bring(code, members) {
  for (const member of members) {
    const answer = await scan(code, "", member);
    if (answer?.outcome !== "admitted" && answer?.outcome !== "left") return;
  }
}

/** Somebody without a registration; where the browser can close no letter, only the server can take them. */
async function enter({ letter }, party, override = "") {
  const body = { letter, gate: gate.name, session: gate.session, override };
  const again = () => enter({ letter }, party, words.let_in);
  if (letter) return take(body, party, again);
  const mine = ++turn;
  verdict.read();
  try {
    const { letter: none, ...rest } = body;
    const answer = await server.post("/walk-ins", { scan_id: newScanId(), device: deviceName(), ...rest, ...party.plain });
    show(mine, { record: { body }, again }, answer);
  } catch (error) {
    failed(mine, error);
  }
}

/** `again`: the same, let in by a supervisor. */
async function take(body, party, again) {
  const mine = ++turn;
  verdict.read();
  navigator.vibrate?.(15);
  await opened;
  try {
    if (!queue) throw new StorageFailed();
    const alone = server.isAway;
    const taken = await queue.take(body, server.now(), alone, party && { people: party.people, invited: party.invited });
    Object.assign(taken, { again, party });
    if (!alone) return await askFirst(mine, taken);
    sync.run();
    return show(mine, taken, taken.local);
  } catch (error) {
    failed(mine, error);
    return null;
  }
}

/** The server decides when it answers while the person stands there; otherwise the device does. */
async function askFirst(mine, taken) {
  const answered = queue.ask(taken.record, taken.judged);
  const first = await Promise.race([answered.catch((error) => error), pause(server.patience)]);
  if (first && !(first instanceof Error)) return show(mine, taken, first);
  if (first instanceof Refused && first.isFinal) throw first;
  answered.catch(() => {}); // it waits with the others
  if (!first) server.reached(Infinity);
  if (taken.local) {
    await queue.tell(taken.record, taken.judged);
    return show(mine, taken, taken.local);
  }
  show(mine, taken, null);
  const late = first ? null : await answered.catch(() => null);
  return late && show(mine, taken, late);
}

/** Only to the person who stands there: another may be before the door by now. The answer. */
function show(mine, taken, answer) {
  if (mine !== turn) return answer;
  const { record, judged, again, party } = taken;
  if (!answer) {
    verdict.wait(words.only_server);
    signal("again", element("door-sound").checked);
    return null;
  }
  const told = answer.isLocal ? { ...answer, detail: sentence(answer, config, words, language), note: words.notes[answer.note] ?? "" } : answer;
  if (party && answer.registration && !answer.registration.name) answer.registration.name = party.name;
  const isDone = answer.outcome === "admitted" || answer.outcome === "left";
  const mayPass = config.overridable.includes(answer.reason);
  verdict.show(told, isDone && !party ? () => undo(record, judged, answer) : null, mayPass ? again : null);
  offerGroup(record.body, answer);
  offerBadge(answer);
  signal(SIGNALS[answer.outcome], element("door-sound").checked);
  showSync();
  return answer;
}

/** Printed again where the person stands; only the server draws it. */
function offerBadge({ outcome, registration }) {
  const link = element("door-badge");
  link.hidden = outcome === "refused" || !registration?.id;
  link.href = link.hidden ? "" : `${config.api}/badges.pdf?size=card&registration=${registration.id}`;
}

/** The rest of a group may follow at once, or later by the same ticket. */
function offerGroup({ ticket_code: code, direction }, { group = [], outcome }) {
  const rest = group.filter(({ inside }) => inside === (direction === "out")).map(({ id }) => id);
  if (outcome === "refused" || !group.length) return;
  verdict.offerGroup(group.filter(({ inside }) => inside).length, group.length, direction, rest.length, (count) => bring(code, rest.slice(0, count)));
}

async function undo(record, judged, answer) {
  const mine = ++turn;
  try {
    await queue.undo(record, judged, server.now());
    const undone = { outcome: "voided", reason: "undone", direction: answer.direction, detail: words.sentences.undone };
    verdict.show({ ...undone, registration: answer.registration && { ...answer.registration, places: [] } });
    signal("again", element("door-sound").checked);
    sync.run();
  } catch (error) {
    failed(mine, error);
  }
}

function failed(mine, error) {
  if (error instanceof StorageFailed) storageFailed(error);
  else if (!(error instanceof Refused)) throw error;
  if (mine !== turn) return;
  verdict.show({ outcome: "refused", reason: "error", detail: error instanceof StorageFailed ? words.no_storage : error.message });
  signal("bad", element("door-sound").checked);
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(() => resolve(null), milliseconds));

connectSearch(server, words, scan);
connectWalkIn(config.walk_in, words, enter);
listenForScanner(document, scan);
document.addEventListener("pointerdown", unlockSound);
document.addEventListener("keydown", unlockSound);

// Counters

let crowd = { inside: 0, rooms: [] };

/** Here, at the entrance or in one room: told before it is full, not when somebody must be sent away. */
function warnBefore() {
  const room = crowd.rooms.find(({ session }) => session === gate.session);
  const { inside, capacity } = room ?? { inside: crowd.inside, capacity: config.capacity };
  const isNear = Boolean(capacity) && inside >= capacity * NEARLY_FULL;
  const said = inside < capacity ? words.nearly_full : words.is_full;
  element("door-limit").hidden = !isNear;
  element("door-limit-words").textContent = isNear ? said.replace("{inside}", inside).replace("{capacity}", capacity) : "";
}
element("door-session").addEventListener("change", warnBefore);

new EventSource(config.live).addEventListener("counters", (event) => {
  const { inside, present, registered, by_gate: gates, by_session: rooms } = JSON.parse(event.data);
  crowd = { inside, rooms };
  warnBefore();
  const number = new Intl.NumberFormat(language);
  element("count-inside").textContent = number.format(inside);
  element("count-present").textContent = number.format(present);
  element("count-registered").textContent = number.format(registered);
  const list = document.createElement("ul");
  for (const { gate: name, present: came } of gates) {
    const line = document.createElement("li");
    line.textContent = `${name || words.unnamed}: ${number.format(came)}`;
    list.append(line);
  }
  element("door-by-gate").replaceChildren(list);
});

// Camera, screen, and the page itself for the time without network

connectCamera(config.decoder, policy, words, memory, scan);
keepAwake();
keepShell(policy.createScriptURL(config.service_worker)).then(
  (kept) => (element("door").dataset.kept = kept ? "yes" : "no"),
  (error) => console.warn("the page is not kept for the time without network", error),
);
