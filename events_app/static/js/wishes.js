// Ranked wishes: the cards of the workshops are tapped in order; the selects of the plain form keep the values.

/** One list of those chosen, to be put in order by buttons or by dragging, one of the others. */
export class Wishes {
  constructor(root) {
    this.words = root.dataset;
    this.selects = [...root.querySelectorAll("select")];
    const plain = root.querySelector("[data-workshops]");
    this.cards = new Map([...plain.children].map((card) => [card.dataset.code, card]));
    this.chosen = [...new Set(this.selects.map((select) => select.value))].filter((code) => this.cards.has(code));
    for (const select of this.selects) select.closest(".field").hidden = !select.closest(".field.invalid");
    this.list = document.createElement("div");
    this.list.className = "stack";
    this.live = document.createElement("p");
    this.live.className = "visually-hidden";
    this.live.setAttribute("aria-live", "polite");
    plain.replaceWith(this.list);
    root.append(this.live);
    this.list.addEventListener("click", (event) => this.onClick(event));
    this.list.addEventListener("pointerdown", (event) => this.onGrip(event));
    this.draw();
  }

  titleOf(code) {
    return this.cards.get(code).querySelector(".title").textContent;
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
    this.changed(move, code);
    this.focus(move, code);
  }

  changed(move, code) {
    this.draw();
    this.say(move, code);
    this.selects[0].dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Drag a chosen card by its rank: it takes the place that it is dropped over. */
  onGrip(event) {
    const grip = event.target.closest(".rank");
    const code = grip?.closest(".wish").dataset.code;
    if (!grip || this.chosen.length < 2) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    const card = this.cards.get(code);
    card.classList.add("dragged");
    const from = event.clientY;
    const move = (moved) => {
      card.style.transform = `translateY(${moved.clientY - from}px)`;
    };
    const drop = (dropped) => {
      grip.removeEventListener("pointermove", move);
      card.classList.remove("dragged");
      card.style.transform = "";
      const others = this.chosen.filter((each) => each !== code);
      const above = others.filter((each) => {
        const box = this.cards.get(each).getBoundingClientRect();
        return box.top + box.height / 2 < dropped.clientY;
      });
      others.splice(above.length, 0, code);
      if (dropped.type === "pointerup" && others.join() !== this.chosen.join()) {
        this.chosen = others;
        this.changed("up", code);
      }
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", drop, { once: true });
    grip.addEventListener("pointercancel", drop, { once: true });
  }

  say(move, code) {
    const full = this.chosen.length === this.selects.length && this.cards.size > this.selects.length;
    const sentence = move === "remove" ? this.words.saidRemoved : this.words.said;
    const values = { title: this.titleOf(code), rank: this.chosen.indexOf(code) + 1, count: this.selects.length };
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
    const others = [...this.cards.keys()].filter((code) => !this.chosen.includes(code));
    const full = this.chosen.length >= this.selects.length;
    const parts = [];
    if (this.chosen.length) parts.push(this.heading(this.words.titleChosen), this.items("ol", this.chosen));
    else parts.push(this.remark(this.words.none));
    if (others.length === 0) parts.push(this.remark(this.words.all));
    else if (this.chosen.length) parts.push(this.heading(this.words.titleOthers));
    if (full && others.length) parts.push(this.remark(this.words.saidFull.replace("{count}", this.selects.length)));
    if (others.length) parts.push(this.items("ul", others, full));
    this.list.replaceChildren(...parts);
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

  items(kind, codes, full = false) {
    const list = document.createElement(kind);
    list.className = "wish-list";
    list.setAttribute("role", "list");
    codes.forEach((code, place) => {
      const card = this.cards.get(code);
      card.querySelectorAll(".rank, .moves").forEach((part) => part.remove());
      card.className = kind === "ol" ? "wish chosen" : "wish";
      const rank = document.createElement("span");
      rank.className = "rank";
      rank.textContent = kind === "ol" ? String(place + 1) : "";
      rank.setAttribute("aria-hidden", kind === "ol" ? "false" : "true");
      const moves = document.createElement("span");
      moves.className = "moves";
      if (kind === "ol") {
        moves.append(
          this.button("up", code, "↑", place === 0),
          this.button("down", code, "↓", place === codes.length - 1),
          this.button("remove", code, "×"),
        );
      } else moves.append(this.button("add", code, "+", full));
      card.prepend(rank);
      card.append(moves);
      list.append(card);
    });
    return list;
  }

  button(move, code, sign, disabled = false) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = move === "add" ? "button covers" : "button";
    button.dataset.move = move;
    button.dataset.code = code;
    button.textContent = sign;
    button.setAttribute("aria-label", `${this.words[move]}, ${this.titleOf(code)}`);
    button.disabled = disabled;
    return button;
  }
}
