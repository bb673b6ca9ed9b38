// A scanner that types: a burst of keys faster than any hand, then Enter.
import { typedCode } from "./codes.js";

const BURST_MS = 60; // between two keys; people need 80 and more
const LEAST_KEYS = 9;

/** Calls `onCode(text)` for each burst, wherever the focus is; keys of people pass untouched. */
export function listenForScanner(target, onCode) {
  let keys = [];
  let last = 0;
  target.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.timeStamp - last > BURST_MS) keys = [];
      last = event.timeStamp;
      if (event.key === "Enter") {
        if (keys.length >= LEAST_KEYS) {
          event.preventDefault();
          event.stopPropagation();
          const text = typedCode(keys);
          if (event.target instanceof HTMLInputElement) event.target.value = "";
          onCode(text);
        }
        keys = [];
      } else if (event.key !== "Shift" && event.key !== "CapsLock") {
        keys.push({ key: event.key, code: event.code });
      }
    },
    true,
  );
}
