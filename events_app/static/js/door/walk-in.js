// « Arrivé sans inscription »: three fields, and what is typed is closed in a letter before it is kept.
import { closeLetter } from "./envelope.js";

const element = (id) => document.getElementById(id);

/** `enter(body, party)` takes what was typed; `party`: {name, people, invited, plain}. */
export function connectWalkIn(config, words, enter) {
  const form = element("walk-in-form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.reportValidity()) return;
    const plain = typedIn(form);
    const party = { name: `${plain.given_name} ${plain.family_name}`.trim(), people: plain.people, invited: config.invited, plain };
    form.reset();
    element("door-walk-in").open = false;
    document.activeElement?.blur();
    enter({ letter: await closedOrNothing(plain, config.address) }, party);
  });
}

function typedIn(form) {
  const value = (name) => form.elements[name].value.trim();
  return {
    given_name: value("given_name"),
    family_name: value("family_name"),
    email: value("email"),
    people: Number(value("people")) || 1,
    consent: [...form.querySelectorAll("input[name=consent]:checked")].map((box) => box.value),
  };
}

/** Without https a browser closes nothing: then nothing is kept, and only the server can take it. */
async function closedOrNothing(plain, address) {
  try {
    return await closeLetter(plain, address);
  } catch {
    return "";
  }
}

/** What is known of the places, honestly: how many are left, and since when the phone knows it. */
export function showPlaces(left, words) {
  const line = element("walk-in-places");
  if (left === null) line.textContent = words.no_limit;
  else line.textContent = left ? words.places_left.replace("{count}", left) : words.no_place;
  line.dataset.full = String(left === 0);
}
