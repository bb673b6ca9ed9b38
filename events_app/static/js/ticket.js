// A ticket on its holder's phone: it opens without a network, the screen stays on, the code alone fills it.
import { keepAwake } from "./awake.js";

const kept = document.querySelector("[data-keep]");
const alone = document.querySelector(".ticket-alone");

/** The ticket at `path`, or this page, opens without a network, and stands in for a personal page. */
async function keep({ keep: path = "", worker: url }) {
  for (const scope of ["/tickets/", "/me/"]) await navigator.serviceWorker.register(url, { scope });
  const { active } = await navigator.serviceWorker.ready;
  const instead = location.pathname.startsWith("/me/") ? location.pathname : "";
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    active.postMessage({ keep: path || location.pathname, instead }, [port2]);
  });
}

/** As soon as the server answers, what it says; a phone that is told "online" may still be without a network. */
function readAnew() {
  if (document.hidden) return;
  fetch(location.pathname, { method: "HEAD" }).then(
    () => location.reload(),
    () => {},
  );
}

if (document.querySelector("[data-kept]:not([hidden])")) {
  addEventListener("online", readAnew);
  document.addEventListener("visibilitychange", readAnew);
  setInterval(readAnew, 15_000);
} else if (kept && navigator.serviceWorker) {
  keep(kept.dataset).then(
    () => document.querySelector("[data-when-kept]")?.removeAttribute("hidden"),
    () => {}, // private windows refuse it: the page works all the same
  );
}

if (alone) {
  keepAwake();
  for (const button of document.querySelectorAll("[data-enlarge]")) {
    button.addEventListener("click", () => {
      alone.querySelector("svg")?.remove();
      alone.prepend(button.parentElement.querySelector("svg").cloneNode(true));
      alone.showModal();
    });
  }
  alone.addEventListener("click", () => alone.close());
}
