// Talking to the server: scans that are repeated until they are answered, searches, live counters.

const ANSWER_WITHIN_MS = 6000;
const PAUSES_MS = [500, 1000, 2000, 4000];

/** 128 random bits; also where the page has no secure context and so no randomUUID(). */
export function newScanId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The server said no for good: `status`, and its `detail` in the reader's language. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export class Server {
  #base;
  #offsetMs = 0;
  #waiting = 0;
  /** Called with (number of scans not yet answered, whether the network fails). */
  onNetwork = () => {};

  constructor(base) {
    this.#base = base;
  }

  /** The device's time corrected by the server's, which its answers carry to the second. */
  now() {
    return new Date(Date.now() + this.#offsetMs);
  }

  /** The server's time (ms) when the device showed `here`. Answers carry whole seconds: under two seconds of
   * difference the device is believed. */
  believe(said, here = Date.now()) {
    if (said) this.#offsetMs = Math.abs(said - here) > 2000 ? said - here : 0;
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

  /** Sent again, with the same scan_id, for as long as the network fails. Raises Refused. */
  async persist(path, body) {
    this.#waiting += 1;
    try {
      for (let attempt = 0; ; attempt += 1) {
        try {
          const answer = await this.#fetch(path, { method: "POST", body: JSON.stringify(body) });
          this.onNetwork(this.#waiting - 1, false);
          return answer;
        } catch (error) {
          if (error instanceof Refused && error.status !== 429 && error.status < 500) throw error;
          this.onNetwork(this.#waiting, true);
          await pause(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)]);
        }
      }
    } finally {
      this.#waiting -= 1;
    }
  }

  find(typed, signal) {
    return this.#fetch(`/door/people?q=${encodeURIComponent(typed)}`, { signal });
  }

  async #fetch(path, options) {
    const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(this.#base + path, {
      ...options,
      signal: options.signal ? anyOf(options.signal, late) : late,
      headers: { "content-type": "application/json", accept: "application/json" },
      credentials: "same-origin",
      cache: "no-store",
    });
    this.believe(Date.parse(response.headers.get("date") ?? ""));
    const answer = await response.json();
    if (!response.ok) throw new Refused(response.status, answer.detail ?? "");
    return answer;
  }
}

function anyOf(...signals) {
  if (AbortSignal.any) return AbortSignal.any(signals);
  const both = new AbortController();
  for (const signal of signals) signal.addEventListener("abort", () => both.abort(), { once: true });
  return both.signal;
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
