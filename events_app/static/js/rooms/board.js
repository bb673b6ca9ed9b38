// The board of a networking session, asked again and again. While there is no network, the last one stands.

const EVERY = 1000;
const SLOWEST = 4000;

export function follow(api, onBoard, onNetwork) {
  let tag = "";
  async function ask() {
    try {
      const answer = await fetch(`${api}/board`, {
        headers: tag ? { "if-none-match": tag } : {},
        cache: "no-store",
        signal: AbortSignal.timeout(SLOWEST),
      });
      if (answer.status === 200) {
        tag = answer.headers.get("etag") ?? "";
        onBoard(await answer.json());
      }
      onNetwork(answer.ok || answer.status === 304);
    } catch {
      onNetwork(false);
    }
    setTimeout(ask, EVERY);
  }
  ask();
}

export async function send(api, what, body) {
  const answer = await fetch(`${api}/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(SLOWEST),
  });
  return { status: answer.status, board: answer.ok ? await answer.json() : null };
}

export function clock(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function words() {
  return JSON.parse(document.getElementById("words").textContent);
}

export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// As planned: what a device shows by itself while it has no network. The round is the one whose time has come.
export function advanced(board, now) {
  const length = (round) => Date.parse(round.ends_at) - Date.parse(round.starts_at);
  const rounds = board.rounds.map((round) => ({ ...round }));
  let announced = board.announced;
  while (announced > 0 && announced < rounds.length && Date.parse(rounds[announced].starts_at) <= now) {
    rounds[announced].announced = true;
    rounds[announced].ends_at = new Date(
      Date.parse(rounds[announced].starts_at) + length(rounds[announced]),
    ).toISOString();
    announced += 1;
  }
  return { ...board, rounds, announced };
}
