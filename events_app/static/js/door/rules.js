// What a door answers: the same table as features/admission/scan.py, held with it to the same vectors. Pure.

const BY_EVENT = { cancelled: "event_cancelled", postponed: "event_postponed", draft: "not_published" };
const GONE = { cancelled: "cancelled", refused: "declined" };
const BY_REGISTRATION = { ...GONE, waiting: "waiting", pending: "pending" };

/** Times in milliseconds. `door`: {status, opens, closes}; `ticket`: {unreadable} or {status, listed, generation,
 * sessions: {slot: code}}, where `listed` is the list's generation and `generation` the code's, null when typed;
 * `presence`: {inside, first} or null; `session`: {code, slot, capacity, inside} or null. */
export function decide(door, ticket, presence, session, { goingOut, overridden, moment, overridable }) {
  if (ticket.unreadable) return refused(ticket.unreadable);
  if (ticket.generation !== null && ticket.generation !== ticket.listed) return refused("revoked");
  if (goingOut) {
    if (!presence?.inside) return { outcome: "left", reason: "not_inside", first: null };
    return { outcome: "left", reason: "ok", first: presence.first };
  }
  if (BY_EVENT[door.status]) return refused(BY_EVENT[door.status]);
  if (GONE[ticket.status]) return refused(GONE[ticket.status]);
  if (presence?.inside) return { outcome: "already_admitted", reason: "already_in", first: presence.first };
  const against = whatSpeaksAgainst(door, ticket, session, moment);
  if (against && !(overridden && overridable.includes(against))) return refused(against);
  if (presence) return { outcome: "admitted", reason: "re_entry", first: presence.first };
  return { outcome: "admitted", reason: "ok", first: null };
}

function whatSpeaksAgainst(door, ticket, session, moment) {
  if (BY_REGISTRATION[ticket.status]) return BY_REGISTRATION[ticket.status];
  if (moment < door.opens) return "doors_closed";
  if (moment > door.closes) return "ended";
  if (!session) return "";
  if ((ticket.sessions[session.slot] ?? session.code) !== session.code) return "wrong_session";
  if (session.capacity !== null && session.inside >= session.capacity) return "session_full";
  return "";
}

/** Whoever goes out without having been counted is wished well and changes no figure. */
export function changesPresence({ outcome, reason }) {
  return outcome === "admitted" || (outcome === "left" && reason !== "not_inside");
}

function refused(reason) {
  return { outcome: "refused", reason, first: null };
}
