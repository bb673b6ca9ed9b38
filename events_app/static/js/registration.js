// The registration form, made easier where scripts run. Field names and values stay those of the plain form.
import { Wishes } from "./wishes.js";

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

/** The number of people becomes a button that adds one, and one that takes the last away. */
function followCompanions(form) {
  const number = form.elements.companions;
  const blocks = [...form.querySelectorAll("[data-companion]")];
  if (!number || blocks.length === 0) return;
  const button = (label, step) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = label;
    made.addEventListener("click", () => {
      number.value = String(Number(number.value) + step);
      update();
      if (step > 0) blocks[Number(number.value) - 1].querySelector("input").focus();
      else (more.hidden ? less : more).focus();
      form.dispatchEvent(new Event("change"));
    });
    return made;
  };
  const more = button(`+ ${blocks[0].dataset.add}`, 1);
  const less = button(blocks[0].dataset.remove, -1);
  const update = () => {
    const people = Number(number.value);
    for (const block of blocks) block.hidden = Number(block.dataset.companion) > people;
    more.hidden = people >= blocks.length;
    less.hidden = people === 0;
  };
  const bar = document.createElement("p");
  bar.className = "cluster";
  bar.append(more, less);
  blocks[blocks.length - 1].after(bar);
  number.closest(".field").hidden = !number.closest(".field.invalid");
  number.addEventListener("change", update);
  update();
}

/** What was typed survives a tab that is closed by mistake and a way back; it leaves with the form. */
function keepTyped(form) {
  const key = `typed:${location.pathname}`;
  const kept = [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "password");
  let before = [];
  try {
    before = JSON.parse(sessionStorage.getItem(key)) ?? [];
  } catch {
    return; // no storage here: nothing is kept
  }
  const isUntouched = !document.querySelector(".error-summary, .invalid");
  if (isUntouched && before.length === kept.length) {
    kept.forEach((field, place) => {
      const [name, value] = before[place];
      if (field.name !== name) return;
      if (field.type === "radio" || field.type === "checkbox") field.checked = value;
      else if (!field.readOnly) field.value = value;
    });
  }
  const keep = () => {
    const values = kept.map((field) => [
      field.name,
      field.type === "radio" || field.type === "checkbox" ? field.checked : field.value,
    ]);
    sessionStorage.setItem(key, JSON.stringify(values));
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
}

for (const form of document.querySelectorAll("form[data-keep]")) keepTyped(form);
for (const form of document.querySelectorAll("form")) {
  followConditions(form);
  followCompanions(form);
}
for (const root of document.querySelectorAll("[data-wishes]")) new Wishes(root);
