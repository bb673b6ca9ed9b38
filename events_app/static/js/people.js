// Search while typing: the same address and the same rows as with the button, fetched as a fragment.

const WAIT_MS = 120;

function follow(form) {
  const target = document.getElementById(form.dataset.liveSearch);
  let timer;
  let running;

  const search = async () => {
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(fields).toString();
    const address = query ? `${form.action}?${query}` : form.action;
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(address, { headers: { "X-Fragment": "1" }, signal: running.signal });
      if (!answer.ok) return;
      target.innerHTML = await answer.text();
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, WAIT_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
}

for (const form of document.querySelectorAll("form[data-live-search]")) follow(form);

// How many are chosen, and all of the page at once.
const list = document.getElementById("people");

function count() {
  const boxes = [...list.querySelectorAll('input[name="id"]')];
  const label = list.querySelector("[data-chosen]");
  const all = list.querySelector("[data-choose-all]");
  if (!label || !all) return;
  label.dataset.rest ??= label.textContent;
  const chosen = boxes.filter((box) => box.checked).length;
  label.textContent = chosen ? label.dataset.chosen.replace("{number}", chosen) : label.dataset.rest;
  all.hidden = chosen === boxes.length;
}

list?.addEventListener("change", count);
list?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-choose-all]")) return;
  for (const box of list.querySelectorAll('input[name="id"]')) box.checked = true;
  count();
});
if (list) {
  new MutationObserver((changes) => {
    if (changes.some((change) => change.target === list)) count();
  }).observe(list, { childList: true });
  count();
}
