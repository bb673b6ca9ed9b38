// Hand this page on by the device's own means, or else by its address.
for (const button of document.querySelectorAll("[data-share]")) {
  const address = document.querySelector("link[rel=canonical]")?.href ?? location.href;
  if (!navigator.share && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (navigator.share) {
      await navigator.share({ title: document.querySelector("h1").textContent, url: address }).catch(() => {});
      return;
    }
    await navigator.clipboard.writeText(address);
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.textContent = button.dataset.copied;
    button.after(said);
    setTimeout(() => said.remove(), 4000);
  });
}
