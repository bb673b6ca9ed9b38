// One letter does what its button or link does; never while somebody types, never with a modifier.
// "/" leads to the search, "?" says the keys of the page, and the form that one writes in is saved by Ctrl+S.

const TYPING = "input, textarea, select, [contenteditable]";
const help = document.getElementById("keys");

function toSearch() {
  const field = document.getElementById("everywhere");
  if (!field) return;
  const fold = document.querySelector(".desk-top .fold");
  if (fold && field.offsetParent === null) fold.open = true;
  field.focus();
  field.select();
}

function save(event) {
  const form = event.target.closest?.("form[method=post]") ?? document.querySelector("main form.form[method=post]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.primary"));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") return save(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(TYPING) || event.key.length !== 1) return;
  if (event.key === "/" || event.key === "?") {
    event.preventDefault();
    if (event.key === "/") toSearch();
    else help?.showModal();
    return;
  }
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});

for (const each of document.querySelectorAll("[data-key]")) {
  each.setAttribute("aria-keyshortcuts", each.dataset.key);
  each.title ||= each.dataset.key.toUpperCase();
  const [term, key, said] = ["dt", "kbd", "dd"].map((name) => document.createElement(name));
  key.textContent = each.dataset.key.toUpperCase();
  term.append(key);
  said.textContent = each.textContent.trim();
  help?.querySelector("dl").append(term, said);
}
