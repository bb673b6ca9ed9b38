// A tablet before which people stand alone. It reads a ticket, asks the server, says hello and forgets.
import { keepAwake } from "../awake.js";
import { meansCode } from "./codes.js";
import { listenForScanner } from "./keyboard.js";
import { newScanId, Server } from "./server.js";
import { signal, unlockSound } from "./signals.js";
import { policy } from "./trusted.js";
import { connectCamera } from "./viewfinder.js";

const SHOWN_MS = 7000;
const element = (id) => document.getElementById(id);
const config = JSON.parse(element("door-config").textContent);
const { words } = config;
const memory = {
  kept: (name) => localStorage.getItem(`kiosk.${config.slug}.${name}`),
  keep: (name, value) => localStorage.setItem(`kiosk.${config.slug}.${name}`, value),
};
const server = new Server(config.api);
server.measure();

let turn = 0;
let hiding = 0;

async function checkIn(code, member = "") {
  const mine = ++turn;
  fill({ outcome: "reading", word: words.reading });
  const answer = await ask(code, member);
  if (mine === turn) show(code, answer);
  return answer;
}

/** null where the server cannot be reached or will not take it. */
async function ask(code, member) {
  const body = { scan_id: newScanId(), ticket_code: code, gate: config.gate, direction: "in" };
  try {
    return await server.post("/scans", { ...body, ...(member && { member }), scanned_at: server.now().toISOString() });
  } catch {
    return null;
  }
}

function show(code, answer) {
  if (!answer) return said({ outcome: "waiting", word: words.refused, more: words.no_network }, "bad");
  const { outcome, reason, registration, group } = answer;
  if (outcome === "refused") {
    return said({ outcome, word: words.refused, more: words[reason] ?? words.refused_more }, "bad");
  }
  const name = registration?.given_name || registration?.name || "";
  const hello = outcome === "admitted" ? words.hello : words.again;
  const missing = group.filter(({ inside }) => !inside).map(({ id }) => id);
  said({ outcome, word: name ? hello.replace("{name}", name) : words.hello_nobody, places: registration?.places ?? [] }, "good");
  element("kiosk-badge").hidden = !registration?.id;
  element("kiosk-badge").href = `${config.api}/badges.pdf?size=card&registration=${registration?.id ?? ""}`;
  element("kiosk-group").hidden = !missing.length;
  element("kiosk-group").textContent = words.group.replace("{count}", group.length);
  element("kiosk-group").onclick = () => all(code, missing, group.length);
  return undefined;
}

/** The rest of a group, which stands there too. */
async function all(code, members, total) {
  let last = null;
  for (const member of members) {
    last = await checkIn(code, member);
    if (last?.outcome !== "admitted") return;
  }
  element("kiosk-more").textContent = words.group_in.replace("{count}", total);
}

function said(what, sound) {
  fill(what);
  signal(sound, true);
  hiding = setTimeout(close, SHOWN_MS);
}

function fill({ outcome, word, more = "", places = [] }) {
  clearTimeout(hiding);
  element("kiosk-answer").dataset.outcome = outcome === "already_admitted" ? "admitted" : outcome;
  element("kiosk-word").textContent = word;
  element("kiosk-more").textContent = more;
  element("kiosk-places").replaceChildren(...places.map(line));
  for (const id of ["kiosk-badge", "kiosk-group"]) element(id).hidden = true;
  element("kiosk-answer").hidden = false;
}

function line({ title, room, table }) {
  const item = document.createElement("li");
  item.textContent = title;
  const where = document.createElement("strong");
  where.textContent = [room, table].filter(Boolean).join(" · ");
  if (where.textContent) item.append(where);
  return item;
}

function close() {
  clearTimeout(hiding);
  element("kiosk-answer").hidden = true;
  element("kiosk-code").value = "";
}

element("kiosk-close").addEventListener("click", close);
element("kiosk-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = element("kiosk-code").value.trim();
  if (code.length >= 2) checkIn(code);
});
listenForScanner(document, (code) => meansCode(code) && checkIn(code));
document.addEventListener("pointerdown", unlockSound);
connectCamera(config.decoder, policy, words, memory, (code) => checkIn(code));
keepAwake();
