// A scanner that types: a burst of keys faster than any hand, then Enter or Tab.
import { meansCode, typedCode } from "./codes.js";

const BURST_MS = 100; // between two keys in a field; hardly anybody types nine keys so fast
const PAUSE_MS = 1000; // outside of fields nobody types: a slow scanner, or a phone out of breath
const LEAST_KEYS = 9;

/** Calls `onCode(text)` for each burst, wherever the focus is; keys of people pass untouched. */
export function listenForScanner(target, onCode) {
  let keys = [];
  let last = 0;
  target.addEventListener(
    "keydown",
    (event) => {
      // Some end with the control characters themselves: Ctrl+M is a carriage return, Ctrl+J a line feed.
      const isControlEnd = event.ctrlKey && keys.length >= LEAST_KEYS && /^[jm]$/i.test(event.key);
      if ((event.ctrlKey && !isControlEnd) || event.metaKey || event.altKey || event.isComposing) return;
      const inField = event.target instanceof HTMLInputElement;
      if (event.timeStamp - last > (inField ? BURST_MS : PAUSE_MS)) keys = [];
      last = event.timeStamp;
      if (isControlEnd || event.key === "Enter" || event.key === "Tab") {
        const text = typedCode(keys);
        // A quick typist in a field means a name; anywhere else nobody types, so even a foreign code is answered.
        if (keys.length >= LEAST_KEYS && (!inField || meansCode(text))) {
          event.preventDefault();
          event.stopPropagation();
          if (inField) event.target.value = "";
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
