// Who came without a registration, written down so that only the server can read it: see
// features/admission/envelope.py. The key of each letter is drawn here and never kept.
import { fromHex } from "./ticket.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const CONTEXT = new TextEncoder().encode("convive walk-in v1\0");

/** `address`: the server's public point in hex. Raises where the browser has no means (no https). */
export async function closeLetter(said, address) {
  const { subtle } = crypto;
  const to = await subtle.importKey("raw", fromHex(address), CURVE, false, []);
  const own = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const shared = await subtle.deriveBits({ name: "ECDH", public: to }, own.privateKey, 256);
  const sender = await subtle.exportKey("raw", own.publicKey);
  const digest = await subtle.digest("SHA-256", await bytesOf(CONTEXT, shared, sender, fromHex(address)));
  const key = await subtle.importKey("raw", digest.slice(0, 16), "AES-GCM", false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(said));
  const letter = await bytesOf(sender, nonce, await subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, text));
  return btoa(String.fromCharCode(...new Uint8Array(letter)));
}

const bytesOf = (...parts) => new Blob(parts).arrayBuffer();
