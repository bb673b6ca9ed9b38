// This door: its name, direction and session, kept over a reload.

const element = (id) => document.getElementById(id);

export class Gate {
  #words;
  #remembers;

  constructor(words, { kept, keep }) {
    this.#words = words;
    this.#remembers = { kept, keep };
    this.#connect();
    this.#show();
  }

  get name() {
    return element("door-gate").value.trim();
  }

  get session() {
    return element("door-session").value || null;
  }

  get direction() {
    return document.querySelector("input[name=direction]:checked").value;
  }

  #connect() {
    const { kept, keep } = this.#remembers;
    const gate = element("door-gate");
    if (!gate.readOnly) gate.value = kept("gate") ?? gate.value;
    gate.addEventListener("change", () => {
      keep("gate", this.name);
      this.#show();
    });
    const session = element("door-session");
    session.value = kept("session") ?? "";
    if (session.selectedIndex < 0) session.value = "";
    session.addEventListener("change", () => {
      keep("session", session.value);
      this.#show();
    });
    // An exit stays an exit when the page is loaded again.
    for (const choice of document.querySelectorAll("input[name=direction]")) {
      choice.checked = choice.value === (kept("direction") ?? "in");
      choice.addEventListener("change", () => {
        keep("direction", choice.value);
        this.#show();
      });
    }
  }

  #show() {
    const session = element("door-session").selectedOptions[0];
    const parts = [this.name || this.#words.unnamed, session.value && session.textContent, this.direction === "out" && this.#words.out];
    element("door-gate-shown").textContent = parts.filter(Boolean).join(" · ");
  }
}
