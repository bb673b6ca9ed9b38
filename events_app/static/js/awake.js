// The screen stays on while this page is looked at.
export function keepAwake() {
  const ask = async () => {
    try {
      if (!document.hidden) await navigator.wakeLock?.request("screen");
    } catch {
      // A low battery refuses it: the page works all the same.
    }
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}
