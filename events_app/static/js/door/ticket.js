// The code of a ticket, read and verified without a server: as features/admission/token.py and readings.py do.
import { bareCode } from "./codes.js";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SEPARATORS = /[\s\-_.\u2010-\u2015\u2212]+/g;
const MOST_CHARACTERS = 1000;
const SIGNED = 122;
const OPAQUE = 26;
const PAYLOAD = 12;
const text = new TextEncoder();
const TICKET = text.encode("convive ticket v1\0");
const NAME = text.encode("convive sealed name v1\0");

// What a scanner types when its layout (QWERTY or AZERTY) is not the computer's.
const REPAIR = new Map([
  ..."AQ QA WZ ZW ,M ?M ;M :M É2 \"3 '4 (5 -6 §6 È7 @2 #3 $4 %5 ^6 &7".split(" ").map((pair) => [pair[0], pair[1]]),
]);

export const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const joined = (...parts) => {
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
};

const bytesOf = (number, count) => Uint8Array.from({ length: count }, (_, at) => Math.floor(number / 256 ** (count - 1 - at)) % 256);
const numberOf = (bytes) => bytes.reduce((total, byte) => total * 256 + byte, 0);

function base32(code) {
  const bytes = [];
  let bits = 0;
  let held = 0;
  for (const character of code) {
    held = ((held << 5) | BASE32.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return { bytes: Uint8Array.from(bytes), spare: held & ((1 << bits) - 1) };
}

/** As it is, and with a keyboard layout's exchange undone; only texts of the code's own alphabet. */
function possibleReadings(said) {
  if (said.length > 4 * SIGNED) return [];
  const typed = said.replace(/\s+/g, "").toUpperCase();
  const repaired = Array.from(typed, (character) => REPAIR.get(character) ?? character).join("");
  return [...new Set([typed.replaceAll("-", ""), repaired])].filter((each) => /^[A-Z2-7]+$/.test(each));
}

/** {ticketId}, or {unreadable}: the check character notices what was mistyped. */
export function readShortCode(typed) {
  const values = Array.from(typed.replace(SEPARATORS, "").toUpperCase(), (character) =>
    CROCKFORD.indexOf({ O: "0", I: "1", L: "1" }[character] ?? character),
  );
  if (typed.length > 64 || values.length !== 9 || values.includes(-1)) return { unreadable: "unknown_code" };
  let check = 0;
  for (const value of values) {
    check <<= 1;
    if (check & 32) check ^= 0b100101;
    check ^= value;
  }
  if (check) return { unreadable: "mistyped" };
  return { ticketId: values.slice(0, 8).reduce((total, value) => total * 32 + value, 0), event: null, generation: null };
}

/** Reads codes of one deployment: `keys` by slot and `deployment` in hex, as in the manifest. */
export class Reader {
  #deployment;
  #keys;
  #imported = new Map();

  constructor({ deployment_id: deployment, public_keys: keys }) {
    this.#deployment = fromHex(deployment);
    this.#keys = keys;
  }

  /** {ticketId, event, generation, signature} of a verified ticket; {ticketId...} of a typed one; {unreadable};
   * {onlyServer: true} for a code that only the server can check. */
  async read(said) {
    const code = said.length <= MOST_CHARACTERS ? bareCode(said) : "";
    const readings = possibleReadings(code);
    let failed = false;
    for (const reading of readings) {
      const found = await this.#signed(reading);
      if (found?.ticketId !== undefined) return found;
      failed ||= found?.unreadable === "bad_signature" && reading === readings[0];
    }
    if (failed) return { unreadable: "bad_signature" };
    if (readings.some((each) => each.length === OPAQUE && each[0] === "T")) return { onlyServer: true };
    return readShortCode(code);
  }

  async #signed(code) {
    if (code.length !== SIGNED) return null;
    const { bytes, spare } = base32(code);
    if (bytes[0] >> 4 !== 1 || spare) return null;
    const payload = bytes.slice(0, PAYLOAD);
    const signature = bytes.slice(PAYLOAD);
    const key = await this.#key(payload[0] & 15);
    const message = joined(TICKET, this.#deployment, payload);
    if (!key || !(await crypto.subtle.verify("Ed25519", key, signature, message))) return { unreadable: "bad_signature" };
    return { event: numberOf(payload.slice(1, 4)), ticketId: numberOf(payload.slice(4, 9)), generation: payload[9], signature };
  }

  async #key(slot) {
    if (!this.#keys[slot]) return null;
    if (!this.#imported.has(slot)) {
      this.#imported.set(slot, await crypto.subtle.importKey("raw", fromHex(this.#keys[slot]), "Ed25519", false, ["verify"]));
    }
    return this.#imported.get(slot);
  }

  /** A person's id in the list. */
  async listId(event, ticketId) {
    const digest = await crypto.subtle.digest("SHA-256", joined(this.#deployment, bytesOf(event, 3), bytesOf(ticketId, 5)));
    return toHex(new Uint8Array(digest)).slice(0, 16);
  }
}

/** [name, organisation] from what was sealed for the holder of this signature; null when it does not open. */
export async function unseal(sealed, signature) {
  const bytes = Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0));
  try {
    const digest = await crypto.subtle.digest("SHA-256", joined(NAME, signature));
    const key = await crypto.subtle.importKey("raw", digest.slice(0, 16), "AES-GCM", false, ["decrypt"]);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, 12) }, key, bytes.slice(12));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null;
  }
}
