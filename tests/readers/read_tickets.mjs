// Reads signed ticket codes (standard input: the shared vectors) with Web Crypto, as a door's browser will.
import { readFileSync } from "node:fs";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const vectors = JSON.parse(readFileSync(0, "utf8"));
const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

function base32(code) {
  let bits = 0n;
  for (const character of code) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character));
  bits >>= BigInt((code.length * 5) % 8);
  return hex(bits.toString(16).padStart(Math.floor((code.length * 5) / 8) * 2, "0"));
}

async function read(code) {
  const bytes = base32(code);
  const payload = bytes.slice(0, 12);
  const slot = payload[0] & 15;
  const key = await crypto.subtle.importKey("raw", hex(vectors.public_keys[slot]), "Ed25519", false, ["verify"]);
  const message = new Uint8Array([
    ...new TextEncoder().encode("convive ticket v1\0"), ...hex(vectors.deployment_id), ...payload,
  ]);
  const number = (start, end) => payload.slice(start, end).reduce((total, byte) => total * 256 + byte, 0);
  return {
    verified: await crypto.subtle.verify("Ed25519", key, bytes.slice(12), message),
    fields: {
      event_number: number(1, 4), ticket_id: number(4, 9), generation: payload[9],
      rights_profile: payload[10], day_mask: payload[11], key_slot: slot,
    },
  };
}

console.log(JSON.stringify(await Promise.all(vectors.signed.map(({ code }) => read(code)))));
