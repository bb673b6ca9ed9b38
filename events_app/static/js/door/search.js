// The field for names and codes, and the people it finds.
import { kindOfCode, meansCode } from "./codes.js";

const LEAST_LETTERS = 2; // of an alphabet; one character of Chinese, Japanese or Korean is enough
const ONE_IS_ENOUGH = /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Mymr}\p{sc=Khmr}\p{sc=Tibt}]/u;
const CALM_MS = 120;

const element = (id) => document.getElementById(id);

/** `onCode(code)` when a code was typed or a person chosen; `words` as in door.html's configuration. */
export function connectSearch(server, words, onCode) {
  const field = element("door-typed");
  const list = element("door-found");
  let running = null;
  let timer = 0;

  // While somebody searches the keyboard covers half of the screen: the camera makes room for what is found.
  const room = () => {
    const searching = document.activeElement === field || field.value !== "";
    element("door").classList.toggle("is-searching", searching);
  };
  field.addEventListener("focus", () => {
    room();
    window.scrollTo(0, 0);
  });
  field.addEventListener("blur", room);

  const empty = () => {
    list.replaceChildren();
    element("door-found-count").textContent = "";
  };
  const choose = (code) => {
    field.value = "";
    empty();
    field.blur();
    room();
    onCode(code);
  };
  const look = async (submitted = false) => {
    running?.abort();
    running = new AbortController();
    const typed = field.value.trim();
    if (typed.length < LEAST_LETTERS && !ONE_IS_ENOUGH.test(typed)) return empty();
    try {
      const { items } = await server.find(typed, running.signal);
      // Nine letters may be a name or, rarely, a short code without a digit: a name is tried first.
      if (submitted && !items.length && kindOfCode(typed) === "short") return choose(typed);
      list.replaceChildren(...items.map((person) => line(person, words, choose)));
      element("door-found-count").textContent = items.length ? `${items.length}` : words.nobody;
      if (!items.length) list.replaceChildren(note(words.nobody));
    } catch (error) {
      if (error.name !== "AbortError") list.replaceChildren(note(words.no_network));
    }
    return undefined;
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => look(), CALM_MS);
  });
  element("door-form").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    const typed = field.value.trim();
    if (meansCode(typed)) choose(typed);
    else look(true);
  });
}

function line(person, words, choose) {
  const button = document.createElement("button");
  button.type = "button";
  const who = document.createElement("span");
  who.className = "who";
  const name = document.createElement("strong");
  name.textContent = person.name;
  const more = document.createElement("small");
  more.textContent = [person.organisation, person.commune].filter(Boolean).join(" · ");
  who.append(name, more);
  const state = document.createElement("span");
  const [tone, word] = stateOf(person, words);
  state.className = `badge ${tone}`;
  state.textContent = word;
  button.append(who, state);
  button.addEventListener("click", () => choose(person.short_code));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function stateOf(person, words) {
  if (person.status !== "confirmed") return ["tone-wait", words.states[person.status] ?? person.status];
  if (person.inside) return ["tone-good", words.states.inside];
  return person.inside === false ? ["", words.states.out] : ["tone-info", words.states.expected];
}

function note(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
