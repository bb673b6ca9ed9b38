// The sentence of a verdict, made as features/admission/wording.py makes it.

/** « 14 h 30 », « 2:30 pm », as a clock on the wall of the event shows it. */
export function clock(moment, zone, language) {
  const parts = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: zone }).formatToParts(moment);
  const value = (type) => Number(parts.find((part) => part.type === type).value);
  const [hour, minute] = [value("hour"), value("minute")];
  const two = String(minute).padStart(2, "0");
  if (language === "fr") return `${hour}\u202fh${minute ? `\u202f${two}` : ""}`;
  return `${hour % 12 || 12}${minute ? `:${two}` : ""}\u00a0${hour < 12 ? "am" : "pm"}`;
}

/** `words`: {sentences, table_named} and `event`: {timezone, opens_at, closes_at}. */
export function sentence(answer, event, words, language) {
  const first = answer.first_scan;
  const at = (moment) => clock(new Date(moment), event.timezone, language);
  const values = {
    opens: at(event.opens_at),
    closes: at(event.closes_at),
    place: (answer.registration?.places ?? []).map(({ title, room }) => (room ? `${title} (${room})` : title)).join(" · "),
    time: first ? at(first.scanned_at) : "",
    gate: first?.gate ? ` (${first.gate})` : "",
  };
  return words.sentences[answer.reason].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}
