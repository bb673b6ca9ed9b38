// Talking to the server: its answers, its clock, and whether it can be reached.
import { Refused } from "./queue.js";

const ANSWER_WITHIN_MS = 6000;
const MANY_WITHIN_MS = 30_000;
const PATIENCE_MS = 700;

/** 128 random bits; also where the page has no secure context and so no randomUUID(). */
export function newScanId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Server {
  #base;
  #offsetMs = 0;
  #away = false;
  /** Called when the server was reached again, or no longer. */
  onReach = () => {};
  /** Called when this device may no longer scan. */
  onBarred = () => {};
  /** Called with the difference of the clocks in ms. */
  onOffset = () => {};

  constructor(base, offsetMs = 0) {
    this.#base = base;
    this.#offsetMs = offsetMs;
  }

  /** The device's time corrected by the server's, which its answers carry to the second. */
  now() {
    return new Date(Date.now() + this.#offsetMs);
  }

  /** The server's time (ms) when the device showed `here`. Answers carry whole seconds: under two seconds of
   * difference the device is believed. */
  believe(said, here = Date.now()) {
    if (!said) return;
    this.#offsetMs = Math.abs(said - here) > 2000 ? said - here : 0;
    this.onOffset(this.#offsetMs);
  }

  /** Asks for the time, so that the first scan has the right one. */
  async measure() {
    try {
      const response = await fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      this.believe(Date.parse(response.headers.get("date") ?? ""));
    } catch {
      // Without network there is nothing to ask; the next answer tells.
    }
  }

  get clockIsWrong() {
    return Math.abs(this.#offsetMs) > 120_000;
  }

  /** Whether it is of no use to wait for an answer. */
  get isAway() {
    return this.#away || navigator.onLine === false;
  }

  /** How long somebody may stand there before the device decides alone. */
  get patience() {
    return PATIENCE_MS;
  }

  reached(tookMs) {
    const away = tookMs > PATIENCE_MS;
    if (away !== this.#away) {
      this.#away = away;
      this.onReach(!away);
    }
  }

  post(path, body) {
    return this.#fetch(path, { method: "POST", body: JSON.stringify(body) }, path.endsWith("/batch") ? MANY_WITHIN_MS : ANSWER_WITHIN_MS);
  }

  get(path) {
    return this.#fetch(path, {}, MANY_WITHIN_MS);
  }

  find(typed, signal) {
    return this.#fetch(`/door/people?q=${encodeURIComponent(typed)}`, { signal });
  }

  async #fetch(path, options, within = ANSWER_WITHIN_MS) {
    const late = AbortSignal.timeout(within);
    const began = performance.now();
    let response;
    let answer;
    try {
      response = await fetch(this.#base + path, {
        ...options,
        signal: options.signal ? anyOf(options.signal, late) : late,
        headers: { "content-type": "application/json", accept: "application/json" },
        credentials: "same-origin",
        cache: "no-store",
      });
      // Only what is small tells of the network: a long list takes its time on a good one, too.
      if (within === ANSWER_WITHIN_MS || this.#away) this.reached(within === ANSWER_WITHIN_MS ? performance.now() - began : 0);
      this.believe(Date.parse(response.headers.get("date") ?? ""));
      answer = await response.json();
    } catch (error) {
      if (!options.signal?.aborted) this.reached(Infinity);
      throw error;
    }
    if (!response.ok) {
      if (response.status === 401 || response.status === 403) this.onBarred();
      throw new Refused(response.status, answer.detail ?? "", answer.type ?? "");
    }
    return answer;
  }
}

function anyOf(...signals) {
  if (AbortSignal.any) return AbortSignal.any(signals);
  const both = new AbortController();
  for (const signal of signals) signal.addEventListener("abort", () => both.abort(), { once: true });
  return both.signal;
}
