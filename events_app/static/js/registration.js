// The registration form, made easier where scripts run. Field names and values stay those of the plain form.

/** Hide questions whose condition does not hold. The server drops what was typed in them. */
function followConditions(form) {
  const dependents = [...form.querySelectorAll("[data-depends-on]")];
  if (dependents.length === 0) return;
  const valuesOf = (name) =>
    [...form.elements]
      .filter((field) => field.name === name && !field.closest("[data-depends-on][hidden]"))
      .filter((field) => (field.type === "radio" || field.type === "checkbox" ? field.checked : true))
      .map((field) => field.value);
  const update = () => {
    for (const block of dependents) {
      const wanted = JSON.parse(block.dataset.anyOf);
      block.hidden = !valuesOf(block.dataset.dependsOn).some((value) => wanted.includes(value));
    }
  };
  form.addEventListener("change", update);
  form.classList.add("enhanced");
  update();
}

/** Show as many name fields as there are people. */
function followCompanions(form) {
  const number = form.elements.companions;
  const blocks = [...form.querySelectorAll("[data-companion]")];
  if (!number || blocks.length === 0) return;
  const update = () => {
    for (const block of blocks) block.hidden = Number(block.dataset.companion) > Number(number.value);
  };
  number.addEventListener("change", update);
  update();
}

/** One select per rank becomes a list to be ordered with buttons; the selects keep the values. */
class Wishes {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.selects = [...root.querySelectorAll("select")];
    this.titles = new Map(
      [...this.selects[0].options].filter((option) => option.value).map((option) => [option.value, option.text]),
    );
    this.chosen = [...new Set(this.selects.map((select) => select.value))].filter((code) => this.titles.has(code));
    for (const select of this.selects) select.closest(".field").hidden = !select.closest(".field.invalid");
    this.list = document.createElement("div");
    this.list.className = "stack";
    this.live = document.createElement("p");
    this.live.className = "visually-hidden";
    this.live.setAttribute("aria-live", "polite");
    root.append(this.list, this.live);
    this.list.addEventListener("click", (event) => this.onClick(event));
    this.draw();
  }

  onClick(event) {
    const button = event.target.closest("button[data-move]");
    if (!button) return;
    const { move, code } = button.dataset;
    const place = this.chosen.indexOf(code);
    if (move === "add" && this.chosen.length < this.selects.length) this.chosen.push(code);
    if (move === "remove") this.chosen.splice(place, 1);
    if (move === "up") this.chosen.splice(place - 1, 2, code, this.chosen[place - 1]);
    if (move === "down") this.chosen.splice(place, 2, this.chosen[place + 1], code);
    this.draw();
    this.say(move, code);
    this.focus(move, code);
  }

  say(move, code) {
    const full = this.chosen.length === this.selects.length && this.titles.size > this.selects.length;
    const sentence = move === "remove" ? this.words.saidRemoved : this.words.said;
    const values = { title: this.titles.get(code), rank: this.chosen.indexOf(code) + 1, count: this.selects.length };
    const fill = (text) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    this.live.textContent = fill(sentence) + (move === "add" && full ? `. ${fill(this.words.saidFull)}` : "");
  }

  /** Stay on the button that was used; where it is gone, on another of the same workshop. */
  focus(move, code) {
    const buttons = [...this.list.querySelectorAll("button")].filter((button) => button.dataset.code === code);
    const same = buttons.find((button) => button.dataset.move === move && !button.disabled);
    (same ?? buttons.find((button) => !button.disabled) ?? this.list.querySelector("button"))?.focus();
  }

  draw() {
    this.selects.forEach((select, rank) => {
      select.value = this.chosen[rank] ?? "";
    });
    const others = [...this.titles.keys()].filter((code) => !this.chosen.includes(code));
    const full = this.chosen.length >= this.selects.length;
    this.list.replaceChildren(
      this.heading(this.words.titleChosen),
      this.chosen.length
        ? this.items("ol", this.chosen, (code, place) => [
            this.button("up", code, "↑", place === 0),
            this.button("down", code, "↓", place === this.chosen.length - 1),
            this.button("remove", code, "×"),
          ])
        : this.remark(this.words.none),
      this.heading(this.words.titleOthers),
      others.length
        ? this.items("ul", others, (code) => [this.button("add", code, this.words.add, full)])
        : this.remark(this.words.all),
    );
    if (full && others.length) this.list.append(this.remark(this.words.saidFull.replace("{count}", this.selects.length)));
  }

  heading(text) {
    const heading = document.createElement("h2");
    heading.textContent = text;
    return heading;
  }

  remark(text) {
    const remark = document.createElement("p");
    remark.className = "help";
    remark.textContent = text;
    return remark;
  }

  items(kind, codes, buttonsOf) {
    const list = document.createElement(kind);
    list.className = "wish-list";
    list.setAttribute("role", "list");
    codes.forEach((code, place) => {
      const item = document.createElement("li");
      item.className = kind === "ol" ? "wish chosen" : "wish";
      if (kind === "ol") {
        const rank = document.createElement("span");
        rank.className = "rank";
        rank.textContent = `${place + 1}.`;
        item.append(rank);
      }
      const title = document.createElement("span");
      title.className = "title";
      title.textContent = this.titles.get(code);
      const moves = document.createElement("span");
      moves.className = "moves";
      moves.append(...buttonsOf(code, place));
      item.append(title, moves);
      list.append(item);
    });
    return list;
  }

  button(move, code, sign, disabled = false) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.move = move;
    button.dataset.code = code;
    button.textContent = sign;
    button.setAttribute("aria-label", `${this.words[move]}, ${this.titles.get(code)}`);
    button.disabled = disabled;
    return button;
  }
}

for (const form of document.querySelectorAll("form")) {
  followConditions(form);
  followCompanions(form);
}
for (const root of document.querySelectorAll("[data-wishes]")) new Wishes(root);
