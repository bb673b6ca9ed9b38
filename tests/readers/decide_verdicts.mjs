// What the door page decides and says: JSON in, JSON out, by its own modules.
import { readFileSync } from "node:fs";
import { decide } from "../../events_app/static/js/door/rules.js";
import { Reader } from "../../events_app/static/js/door/ticket.js";
import { sentence } from "../../events_app/static/js/door/words.js";

const { cases, event, words, manifest, codes } = JSON.parse(readFileSync(0, "utf-8"));

const decided = cases.map(({ door, ticket, presence, session, situation, places }) => {
  const { first, ...decision } = decide(door, ticket, presence, session, situation);
  const answer = { ...decision, first_scan: first, registration: { places } };
  const sentences = Object.keys(words).map((language) => sentence(answer, event, words[language], language));
  return { ...decision, first: first?.scanned_at ?? null, sentences };
});

const reader = new Reader(manifest);
const read = [];
for (const code of codes) {
  const { ticketId = null, event: number = null, generation = null, unreadable = null, onlyServer = false } = await reader.read(code);
  const id = ticketId === null ? null : await reader.listId(7, ticketId);
  read.push({ ticketId, number, generation, unreadable, onlyServer, id });
}
process.stdout.write(JSON.stringify({ decided, read }));
