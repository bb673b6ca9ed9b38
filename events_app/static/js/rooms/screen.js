// The big screen: the round, its clock, names by table or in the order of the alphabet, a gong.
import { advanced, clock, fill, follow, words } from "./board.js";

const script = document.querySelector("script[data-api]");
const say = words();
const at = (id) => document.getElementById(id);
let board = JSON.parse(at("board").textContent);
let online = true;
let byName = localStorage.getItem("convive-screen-list") === "1";
let audio = null;
let rung = 0;
let shown = "";

function nameRows(round) {
  const rows = [];
  for (const table of round.tables) {
    for (const person of table.people) rows.push([person.name, fill(say.table, { n: table.number })]);
  }
  return rows.sort((a, b) => a[0].localeCompare(b[0]));
}

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function tables(round) {
  const grid = element("div", "", "wall-tables");
  for (const table of round.tables) {
    if (!table.people.length) continue;
    const box = element("section");
    box.append(element("h2", fill(say.table, { n: table.number })));
    if (table.label) box.append(element("p", table.label, "wall-label"));
    const people = element("ul");
    for (const person of table.people) people.append(element("li", person.name));
    box.append(people);
    grid.append(box);
  }
  return grid;
}

function list(round) {
  const rows = element("ul", "", "wall-list");
  for (const [name, table] of nameRows(round)) {
    const row = element("li");
    row.append(element("span", name), element("strong", table));
    rows.append(row);
  }
  return rows;
}

// The largest letters with which everything fits.
function fit() {
  const names = at("names");
  let low = 8;
  let high = 72;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    names.style.fontSize = `${middle}px`;
    const fits = names.scrollHeight <= names.clientHeight && names.scrollWidth <= names.clientWidth;
    if (fits) low = middle;
    else high = middle - 1;
  }
  names.style.fontSize = `${low}px`;
}

function gong() {
  if (!audio || audio.state !== "running") return;
  const start = audio.currentTime;
  for (const [pitch, volume] of [[196, 0.5], [293, 0.3], [523, 0.15]]) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(volume, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 4);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 4);
  }
}

function show() {
  const now = Date.now();
  const seen = online ? board : advanced(board, now);
  const current = seen.rounds[seen.announced - 1];
  const left = current ? Date.parse(current.ends_at) - now : 0;
  const coming = seen.rounds[seen.announced];
  const between = current && left <= 0;
  const round = !current || (between && coming) ? coming : current;
  at("clock").textContent = current && left > 0 ? clock(left) : "";
  at("clock").classList.toggle("last", left > 0 && left <= 60000);
  at("round").textContent =
    current && !between
      ? fill(say.round, { n: current.number, total: seen.rounds.length })
      : coming
        ? fill(say.next, { n: coming.number })
        : fill(say.round, { n: seen.rounds.length, total: seen.rounds.length });
  at("note").textContent = !current ? say.soon : between ? (coming ? say.change : say.end) : "";
  at("state").textContent = online ? "" : say.offline;
  if (between && rung < current.number) {
    if (rung || left > -5000) gong();
    rung = current.number;
  }
  const wanted = JSON.stringify([byName, round?.number, round?.tables, innerWidth, innerHeight]);
  if (round && wanted !== shown) {
    shown = wanted;
    at("names").replaceChildren(byName ? list(round) : tables(round));
    fit();
  }
}

at("list").setAttribute("aria-pressed", String(byName));
at("list").addEventListener("click", () => {
  byName = !byName;
  localStorage.setItem("convive-screen-list", byName ? "1" : "0");
  at("list").setAttribute("aria-pressed", String(byName));
  show();
});
at("gong").addEventListener("click", async () => {
  audio ??= new AudioContext();
  if (audio.state === "running") await audio.suspend();
  else {
    await audio.resume();
    gong();
  }
  const on = audio.state === "running";
  at("gong").setAttribute("aria-pressed", String(on));
  at("gong").textContent = on ? say.gong : say.silent;
});
at("full").addEventListener("click", () =>
  document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
);
addEventListener("resize", show);
setInterval(show, 250);
show();
follow(
  script.dataset.api,
  (fresh) => {
    board = fresh;
    show();
  },
  (works) => {
    online = works;
  },
);
