// The camera's part of the page: its picture, light and choice. A code in the picture counts once.
import { Camera } from "./camera.js";

const MUTED_MS = 3000;
const element = (id) => document.getElementById(id);

function state(name, words = "", canStart = false) {
  element("door-camera").dataset.state = name;
  element("door-camera-words").textContent = words;
  element("door-camera-start").hidden = !canStart;
}

/** A code that stays in the picture is read fifteen times a second: once, until it was away for a while. */
function once(onText) {
  const lastSeen = new Map();
  return (text) => {
    const now = performance.now();
    const before = lastSeen.get(text) ?? -Infinity;
    for (const [other, at] of lastSeen) if (now - at > MUTED_MS) lastSeen.delete(other);
    lastSeen.set(text, now);
    if (now - before > MUTED_MS) onText(text);
  };
}

/** `kept(name)` and `keep(name, value)` remember which camera was chosen. */
export function connectCamera(decoder, policy, words, { kept, keep }, onText) {
  if (!decoder || !navigator.mediaDevices?.getUserMedia) return state("none", words.no_camera);
  const camera = new Camera(element("door-video"), { ...decoder, policy }, once(onText));

  const list = async () => {
    const all = await Camera.all();
    element("door-switch").hidden = all.length < 2;
    element("door-camera-field").hidden = all.length < 2;
    element("door-camera-choice").replaceChildren(
      ...all.map((device, index) => new Option(device.label || `${index + 1}`, device.deviceId, false, device.deviceId === camera.deviceId)),
    );
  };
  const start = async (deviceId = kept("camera") ?? "") => {
    try {
      await camera.start(deviceId);
      state("on");
    } catch (error) {
      if (deviceId && (error.name === "OverconstrainedError" || error.name === "NotFoundError")) return start("");
      const refused = error.name === "NotAllowedError";
      return state(refused ? "off" : "none", refused ? words.camera_refused : words.no_camera, refused);
    }
    element("door-torch").hidden = !camera.hasTorch;
    return list();
  };
  const choose = (deviceId) => {
    keep("camera", deviceId);
    start(deviceId);
  };

  element("door-camera-start").addEventListener("click", () => start());
  element("door-camera-choice").addEventListener("change", (event) => choose(event.target.value));
  element("door-switch").addEventListener("click", () => {
    const options = [...element("door-camera-choice").options].map((option) => option.value);
    choose(options[(options.indexOf(camera.deviceId) + 1) % options.length]);
  });
  element("door-torch").addEventListener("click", async (event) => {
    const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(on));
    await camera.light(on);
  });
  return start();
}
