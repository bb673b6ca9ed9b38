// The organiser's phone: follows the door, taps at once, and goes on without network. What was tapped meanwhile is
// sent in its order with its time; the server keeps what is later.
import { clock, fill, follow, send, words } from "./board.js";

const script = document.querySelector("script[data-api]");
const { api, zone } = script.dataset;
const say = words();
const at = (id) => document.getElementById(id);
const KEY = `convive-live:${api}`;
let waiting = JSON.parse(localStorage.getItem(KEY) ?? "[]");
let board = null;
let sending = false;

function keep() {
  localStorage.setItem(KEY, JSON.stringify(waiting));
}

// As it will be once all that waits is sent.
function expected() {
  const states = new Map(board.people.map((person) => [person.id, person.state]));
  let announced = board.announced;
  let began = null;
  for (const { what, body } of waiting) {
    if (what === "presence") states.set(body.registration, body.state);
    else if (body.round === announced + 1) [announced, began] = [body.round, body.at];
  }
  return { states, announced, began };
}

function show() {
  if (!board) return;
  const { states, announced, began } = expected();
  const counts = { here: 0, missing: 0, gone: 0 };
  for (const [id, state] of states) {
    counts[state === "here" ? "here" : state === "late" || state === "expected" ? "missing" : "gone"] += 1;
    const row = at(`p-${id}`);
    if (!row) return location.reload(); // somebody registered meanwhile
    if (row.dataset.state === state) continue;
    row.dataset.state = state;
    row.querySelector("[data-badge]").textContent = say.states[state];
    for (const button of row.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === state));
    }
  }
  for (const [name, number] of Object.entries(counts)) {
    document.querySelector(`[data-count=${name}]`).textContent = number;
  }
  const total = board.rounds.length;
  at("next").hidden = announced >= total;
  at("next").elements.round.value = announced + 1;
  at("next").querySelector("span").textContent = fill(say.announce, { n: announced + 1 });
  const round = board.rounds[announced - 1];
  if (!round) return;
  const length = Date.parse(round.ends_at) - Date.parse(round.starts_at);
  const end = began ? Date.parse(began) + length : Date.parse(round.ends_at);
  const hour = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
  });
  const title = `${fill(say.round, { n: announced, total })} `;
  if (at("now").dataset.shown !== `${title}${end}`) {
    at("now").dataset.shown = `${title}${end}`;
    at("now").textContent = title;
    const when = document.createElement("span");
    when.className = "soft";
    when.textContent = `→ ${hour.format(end)}`;
    at("now").append(when);
  }
  at("clock").hidden = false;
  at("clock").textContent = end > Date.now() ? clock(end - Date.now()) : say.over;
}

async function flush() {
  if (sending) return;
  sending = true;
  try {
    while (waiting.length) {
      const { status, board: fresh } = await send(api, waiting[0].what, waiting[0].body);
      if (status >= 500 || status === 429) break;
      waiting.shift(); // done, or refused for good
      keep();
      if (fresh) board = fresh;
    }
    at("offline").hidden = true;
  } catch {
    at("offline").hidden = false;
  } finally {
    sending = false;
    show();
  }
}

function later(what, body) {
  waiting.push({ what, body: { ...body, at: new Date().toISOString() } });
  keep();
  show();
  flush();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "next") {
    event.preventDefault();
    later("next", { round: Number(form.elements.round.value) });
  } else if (form.closest("[data-person]")) {
    event.preventDefault();
    later("presence", { registration: form.closest("[data-person]").dataset.person, state: event.submitter.value });
  }
});

at("find").hidden = false;
at("f-find").addEventListener("input", (event) => {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = fold(event.target.value);
  for (const row of document.querySelectorAll("[data-person]")) {
    row.hidden = !fold(row.querySelector(".who").textContent).includes(wanted);
  }
});

setInterval(show, 500);
follow(
  api,
  (fresh) => {
    if (!sending) board = fresh;
    show();
  },
  (works) => {
    at("offline").hidden = works;
    if (works && waiting.length) flush();
  },
);
