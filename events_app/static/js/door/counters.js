// The organiser's figures move by themselves; without this they are those of the moment the page was opened.
const live = document.getElementById("door-live");
const number = new Intl.NumberFormat(document.documentElement.lang);

new EventSource(live.dataset.live).addEventListener("counters", (event) => {
  const counters = JSON.parse(event.data);
  for (const figure of live.querySelectorAll("[data-count]")) {
    figure.textContent = number.format(counters[figure.dataset.count]);
  }
});

document.getElementById("enrol")?.scrollIntoView();
