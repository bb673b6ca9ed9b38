// Counting on a phone: a press is written down before it is shown, and sent when there is a network.
import { Tallies } from "./tallies.js";

const config = JSON.parse(document.querySelector("#config").textContent);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const byId = (id) => document.getElementById(id);
const site = byId("site");
const gate = byId("gate");
const remembered = (name) => `count:${config.slug}:${name}`;
const tallies = new Tallies(localStorage, config.slug);
let known = new Map(JSON.parse(localStorage.getItem(remembered("known")) ?? "[]")); // what the server said, by site
let refusal = "";

for (const [field, name] of [[site, "site"], [gate, "gate"]]) {
  const before = localStorage.getItem(remembered(name));
  const fits = field.tagName !== "SELECT" || [...field.options].some((option) => option.value === before);
  if (before && fits && !(name === "gate" && gate.value)) field.value = before;
  field.addEventListener("change", () => {
    localStorage.setItem(remembered(name), field.value);
    draw();
  });
}

function draw() {
  const here = config.sites.find((each) => each.name === site.value);
  byId("gates").replaceChildren(
    ...(here?.gates ?? []).map((name) => Object.assign(document.createElement("option"), { value: name })),
  );
  const waiting = tallies.waiting();
  const unsent = waiting
    .filter((tally) => tally.site === site.value)
    .reduce((sum, tally) => sum + (tally.direction === "in" ? tally.count : -tally.count), 0);
  const inside = Math.max(0, (known.get(site.value) ?? 0) + unsent);
  byId("inside").textContent = inside.toLocaleString(document.documentElement.lang);
  const limit = byId("limit");
  const isNear = here?.most && inside >= 0.9 * here.most;
  limit.hidden = !isNear;
  if (isNear) {
    const isFull = inside >= here.most;
    limit.textContent = fill(isFull ? config.words.full : config.words.near, { inside, most: here.most });
    limit.dataset.full = isFull;
  }
  const state = byId("state");
  const isSent = waiting.length === 0 && !refusal;
  state.dataset.state = isSent ? "sent" : "waiting";
  state.textContent = refusal || (isSent ? config.words.sent : fill(config.words.waiting, { count: waiting.length }));
}

function press(button) {
  const { direction, count } = button.dataset;
  const tally = { site: site.value, gate: gate.value, direction, count: Number(count), at: new Date().toISOString() };
  tallies.add(tally); // throws where nothing can be kept: then nothing is shown as counted
  navigator.vibrate?.(20);
  button.classList.remove("pressed");
  void button.offsetWidth;
  button.classList.add("pressed");
  draw();
  const change = `${direction === "in" ? "+" : "−"}${count}`;
  byId("said").textContent = fill(config.words.said, { change, total: byId("inside").textContent });
  send();
}

let isSending = false;
async function send() {
  if (isSending) return;
  isSending = true;
  try {
    const batch = tallies.waiting().slice(0, 200);
    if (batch.length) {
      const answer = await fetch(config.api, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ tallies: batch, device: tallies.device }),
      });
      if (answer.ok) {
        const said = await answer.json();
        const refused = said.tallies.filter((each) => each.status === "refused");
        tallies.forget(said.tallies.map((each) => each.tally_id));
        refusal = refused.length ? fill(config.words.refused, { count: refused.length, reason: refused[0].detail }) : "";
      } else if (answer.status < 500 && answer.status !== 429) {
        refusal = (await answer.json().catch(() => ({}))).detail ?? "";
      }
    }
    const figures = await fetch(`${config.api}?by=site`);
    if (figures.ok) {
      known = new Map((await figures.json()).sites.map((each) => [each.site, each.inside]));
      localStorage.setItem(remembered("known"), JSON.stringify([...known]));
    }
  } catch {
    // no network: what is written down waits for the next turn
    isSending = false;
    draw();
    return;
  }
  isSending = false;
  draw();
  if (!refusal && tallies.waiting().length) send(); // what was pressed meanwhile
}

for (const button of document.querySelectorAll(".press")) button.addEventListener("click", () => press(button));
addEventListener("online", send);
setInterval(send, 4000);
navigator.serviceWorker?.register(`/count/${config.slug}/worker.js`, { scope: `/count/${config.slug}` }).then(
  () => navigator.serviceWorker.ready.then((worker) => worker.active.postMessage([location.pathname, ...config.kept])),
  () => {}, // without one a reload needs the network; nothing that was counted is lost
);
draw();
send();
