// One letter does what its button or link does; never while somebody types, never with a modifier.

const TYPING = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(TYPING) || event.key.length !== 1) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});

for (const each of document.querySelectorAll("[data-key]")) {
  each.setAttribute("aria-keyshortcuts", each.dataset.key);
  each.title ||= each.dataset.key.toUpperCase();
}
