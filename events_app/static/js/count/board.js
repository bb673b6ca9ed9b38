// The board follows the counts: its figures are read again while somebody looks at them.
const EVERY = 5000;

async function refresh() {
  const shown = document.querySelector("[data-refresh]");
  if (!shown || document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
    if (fresh) shown.replaceWith(fresh);
  } catch {
    // no network: what is shown stays
  }
}
setInterval(refresh, EVERY);
