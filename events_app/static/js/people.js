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
