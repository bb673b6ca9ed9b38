// The door: whatever is read, by camera, scanner or hand, becomes one scan and one answer.
import { Camera } from "./camera.js";
import { listenForScanner } from "./keyboard.js";
import { connectSearch } from "./search.js";
import { newScanId, Refused, Server } from "./server.js";
import { signal, unlockSound } from "./signals.js";
import { Verdict } from "./verdict.js";

const MUTED_MS = 3000;
const SIGNALS = { admitted: "good", left: "good", voided: "again", already_admitted: "again", refused: "bad" };

const element = (id) => document.getElementById(id);
const config = JSON.parse(element("door-config").textContent);
const kept = (name) => localStorage.getItem(`door.${config.slug}.${name}`);
const keep = (name, value) => localStorage.setItem(`door.${config.slug}.${name}`, value);

const server = new Server(config.api);
if (isFresh()) server.believe(config.server_time, performance.timeOrigin + answeredAt());
server.measure();
const verdict = new Verdict(config.words.outcomes, config.words.table);

/** Whether this page comes from the server just now: one kept by the browser tells an old time. */
function isFresh() {
  const [entry] = performance.getEntriesByType("navigation");
  return Boolean(entry && entry.type !== "back_forward" && entry.transferSize > 0);
}

function answeredAt() {
  return performance.getEntriesByType("navigation")[0].responseStart;
}

// Scanning

async function scan(code, override = "") {
  const body = {
    scan_id: newScanId(),
    ticket_code: code,
    gate: element("door-gate").value.trim(),
    session: element("door-session").value || null,
    direction: document.querySelector("input[name=direction]:checked").value,
    scanned_at: server.now().toISOString(),
    override,
  };
  verdict.read();
  navigator.vibrate?.(15);
  const slow = setTimeout(() => verdict.wait(config.words.no_network), 2500);
  try {
    const answer = await server.persist("/scans", body);
    clearTimeout(slow);
    const canUndo = answer.outcome === "admitted" || answer.outcome === "left";
    const mayPass = config.overridable.includes(answer.reason);
    show(answer, canUndo ? () => undo(answer) : null, mayPass ? () => scan(code, config.words.let_in) : null);
  } catch (error) {
    clearTimeout(slow);
    failed(error);
  }
}

async function undo(answer) {
  try {
    const undone = await server.persist(`/scans/${answer.scan_id}/void`, { scan_id: newScanId() });
    show({ ...undone, registration: answer.registration && { ...answer.registration, places: [] } });
  } catch (error) {
    failed(error);
  }
}

function show(answer, takeBack = null, letIn = null) {
  verdict.show(answer, takeBack, letIn);
  signal(SIGNALS[answer.outcome], element("door-sound").checked);
  element("door-clock").hidden = !server.clockIsWrong;
}

function failed(error) {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401 || error.status === 403) element("door-barred").hidden = false;
  verdict.show({ outcome: "refused", reason: "error", detail: error.message });
  signal("bad", element("door-sound").checked);
}

server.onNetwork = (waiting, fails) => {
  element("door-offline").hidden = !fails;
  element("door-queue").textContent = waiting ? `(${waiting})` : "";
};

// A code that stays in the picture is read fifteen times a second: it counts once, until it was away for a while.
const lastSeen = new Map();

function seen(text) {
  const now = performance.now();
  const before = lastSeen.get(text) ?? -Infinity;
  for (const [other, at] of lastSeen) if (now - at > MUTED_MS) lastSeen.delete(other);
  lastSeen.set(text, now);
  if (now - before > MUTED_MS) scan(text);
}

connectSearch(server, config.words, scan);
listenForScanner(document, scan);
document.addEventListener("pointerdown", unlockSound);
document.addEventListener("keydown", unlockSound);

// This door: its name, direction, session

const gate = element("door-gate");
if (!gate.readOnly) gate.value = kept("gate") ?? gate.value;
const showGate = () => {
  const session = element("door-session").selectedOptions[0];
  const goingOut = document.querySelector("input[name=direction]:checked").value === "out";
  const parts = [gate.value.trim() || config.words.unnamed, session.value && session.textContent, goingOut && config.words.out];
  element("door-gate-shown").textContent = parts.filter(Boolean).join(" · ");
};
gate.addEventListener("change", () => {
  keep("gate", gate.value.trim());
  showGate();
});
element("door-session").value = kept("session") ?? "";
if (element("door-session").selectedIndex < 0) element("door-session").value = "";
element("door-session").addEventListener("change", (event) => {
  keep("session", event.target.value);
  showGate();
});
// An exit stays an exit when the page is loaded again.
for (const choice of document.querySelectorAll("input[name=direction]")) {
  choice.checked = choice.value === (kept("direction") ?? "in");
  choice.addEventListener("change", () => {
    keep("direction", choice.value);
    showGate();
  });
}
showGate();

// Counters

function count({ inside, present, registered, by_gate }) {
  const number = new Intl.NumberFormat(document.documentElement.lang);
  element("count-inside").textContent = number.format(inside);
  element("count-present").textContent = number.format(present);
  element("count-registered").textContent = number.format(registered);
  const list = document.createElement("ul");
  for (const { gate: name, present: came } of by_gate) {
    const line = document.createElement("li");
    line.textContent = `${name || config.words.unnamed}: ${number.format(came)}`;
    list.append(line);
  }
  element("door-by-gate").replaceChildren(list);
}

new EventSource(config.live).addEventListener("counters", (event) => count(JSON.parse(event.data)));

// Camera

function cameraState(state, words = "", canStart = false) {
  element("door-camera").dataset.state = state;
  element("door-camera-words").textContent = words;
  element("door-camera-start").hidden = !canStart;
}

let camera = null;

async function startCamera(deviceId = kept("camera") ?? "") {
  try {
    await camera.start(deviceId);
    cameraState("on");
  } catch (error) {
    if (deviceId && (error.name === "OverconstrainedError" || error.name === "NotFoundError")) return startCamera("");
    const refused = error.name === "NotAllowedError";
    cameraState(refused ? "off" : "none", refused ? config.words.camera_refused : config.words.no_camera, refused);
    return undefined;
  }
  element("door-torch").hidden = !camera.hasTorch;
  await listCameras();
  return undefined;
}

async function listCameras() {
  const all = await Camera.all();
  element("door-switch").hidden = all.length < 2;
  element("door-camera-field").hidden = all.length < 2;
  element("door-camera-choice").replaceChildren(
    ...all.map((device, index) => new Option(device.label || `${index + 1}`, device.deviceId, false, device.deviceId === camera.deviceId)),
  );
}

function chooseCamera(deviceId) {
  keep("camera", deviceId);
  startCamera(deviceId);
}

if (config.decoder && navigator.mediaDevices?.getUserMedia) {
  const own = { createScriptURL: (url) => checkedUrl(url) };
  const policy = window.trustedTypes?.createPolicy("convive-door", own) ?? own;
  camera = new Camera(element("door-video"), { ...config.decoder, policy }, seen);
  element("door-camera-start").addEventListener("click", () => startCamera());
  element("door-camera-choice").addEventListener("change", (event) => chooseCamera(event.target.value));
  element("door-switch").addEventListener("click", () => {
    const options = [...element("door-camera-choice").options].map((option) => option.value);
    chooseCamera(options[(options.indexOf(camera.deviceId) + 1) % options.length]);
  });
  element("door-torch").addEventListener("click", async (event) => {
    const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(on));
    await camera.light(on);
  });
  startCamera();
} else {
  cameraState("none", config.words.no_camera);
}

function checkedUrl(url) {
  if (new URL(url, location.href).origin !== location.origin) throw new TypeError("a worker of ours only");
  return url;
}

// The screen stays on; a scan that was not answered is not lost by leaving.

async function stayAwake() {
  try {
    if (!document.hidden) await navigator.wakeLock?.request("screen");
  } catch {
    // A low battery refuses it: the door works all the same.
  }
}
document.addEventListener("visibilitychange", stayAwake);
stayAwake();
window.addEventListener("beforeunload", (event) => {
  if (!element("door-offline").hidden) event.preventDefault();
});
