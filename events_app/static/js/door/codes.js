// What was read or typed: a code to scan, or a name to search for. Pure; held, with features/admission/readings.py,
// to tests/vectors/readings.json. The server decides what a code means and repairs a wrong keyboard layout.

const SHORT = /^[0-9a-hjkmnp-tv-zoil]{9}$/i; // Crockford's alphabet, and what is misread for it
const SEPARATORS = /[\s\-_.\u2010-\u2015\u2212]+/g;
const LONG = /^[A-Z2-7]{26}$|^[A-Z2-7]{122}$/i;
const MOST_CHARACTERS = 1000;

const SYMBOLOGY = /^\s*\][A-Za-z][0-9A-Za-z]/; // "]Q1": what some scanners say of the kind of code (ISO/IEC 15424)
const UNSEEN = /^[\ufeff\u200b\u200e\u200f]+|[\ufeff\u200b\u200e\u200f]+$/g; // around a copied code

/** The code inside a ticket's address, without a scanner's prefix; any other text unchanged. */
export function bareCode(text) {
  text = text.replace(UNSEEN, "").replace(SYMBOLOGY, "");
  const at = text.lastIndexOf("/tickets/");
  if (at < 0) return text;
  const code = text.slice(at + "/tickets/".length).trim().split(/[/?#]/, 1)[0];
  return code.replace(/\.(svg|png|pdf)$/, "");
}

/** "signed", "opaque", "short", or "" for a text that is no code (a name, perhaps). */
export function kindOfCode(text) {
  if (text.length > MOST_CHARACTERS) return "";
  const code = bareCode(text);
  const joined = code.replace(/\s+/g, "").replaceAll("-", "");
  if (LONG.test(joined)) return joined.length === 26 ? (/^t/i.test(joined) ? "opaque" : "") : "signed";
  return SHORT.test(code.replace(SEPARATORS, "")) ? "short" : "";
}

/** Whether somebody who typed this meant a code, perhaps a mistyped one: a name has no digits. */
export function meansCode(text) {
  const kind = kindOfCode(text);
  return kind === "signed" || kind === "opaque" || (/[0-9]/.test(text) && text.replace(SEPARATORS, "").length >= 7);
}

// Where the letters and digits of our codes stand on the keyboard, whatever its layout says.
const KEYS = new Map([
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("").map((letter) => [`Key${letter}`, letter]),
  ["BracketRight", "]"],
  ..."0123456789".split("").flatMap((digit) => [[`Digit${digit}`, digit], [`Numpad${digit}`, digit]]),
]);

/** What a scanner typed, from its keys: as the computer reads them or, when that is no code, by their places. */
export function typedCode(keys) {
  const read = keys.map(({ key }) => (key.length === 1 ? key : "")).join("");
  if (kindOfCode(read)) return read;
  const placed = keys.map(({ code }) => KEYS.get(code) ?? "").join("");
  return kindOfCode(placed) ? placed : read;
}
