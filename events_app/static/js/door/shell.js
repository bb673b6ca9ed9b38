// The page on the phone: kept for the time without network, asked to stay, and forgotten when given back.

const element = (id) => document.getElementById(id);

/** The door opens without a network from now on. `url` is a trusted address of the service worker. */
export async function keepShell(url) {
  if (!navigator.serviceWorker) return false;
  await navigator.serviceWorker.register(url, { scope: "/door/" });
  const { active } = await navigator.serviceWorker.ready;
  await say(active, { keep: location.pathname });
  // Asked for, not needed: browsers that refuse it may clear a site that was not visited for a week.
  await navigator.storage?.persist?.();
  return true;
}

function say(worker, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    worker.postMessage(message, [port2]);
  });
}

/** Nothing of this door is left: pages, list, scans. */
export async function forgetAll(store, slug) {
  await store?.wipe(slug);
  for (const name of Object.keys(localStorage)) if (name.startsWith(`door.${slug}.`)) localStorage.removeItem(name);
  const found = await navigator.serviceWorker?.getRegistration("/door/");
  if (found?.active) await say(found.active, { forget: true });
}

/** « Rendre ce téléphone »: not before the last scan has arrived. */
export function connectGivingBack(queue, sync, store, slug, words) {
  const form = element("door-give-back")?.form;
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await sync.run();
    if (queue.waiting) {
      element("door-give-back-note").textContent = words.not_yet.replace("{count}", queue.waiting);
      return;
    }
    await forgetAll(store, slug);
    form.submit();
  });
}
