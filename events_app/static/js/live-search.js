// Search as one types: what a form with [data-live] would find replaces the part of the page that it names.
const PAUSE_MS = 250;

for (const form of document.querySelectorAll("form[data-live]")) {
  let pause, asked;
  const search = async () => {
    const typed = [...new FormData(form)].filter(([, value]) => value);
    const address = `${form.action}?${new URLSearchParams(typed)}`;
    asked?.abort();
    asked = new AbortController();
    try {
      const response = await fetch(address, { signal: asked.signal });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      document.querySelector(form.dataset.live).replaceWith(page.querySelector(form.dataset.live));
      history.replaceState(null, "", address);
    } catch {
      // Superseded by the next letter, or no network: the button still works.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(search, PAUSE_MS);
  });
}
