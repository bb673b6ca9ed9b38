// A person is dragged to another table of the same round: the page that shows the effect opens. Without this,
// the link beside each name leads to the same page.
const script = document.querySelector("script[data-move]");
let dragged = null;

function place(element) {
  return element.closest("[data-table]");
}

function fits(target) {
  const from = dragged && place(dragged);
  return from && target && target !== from && target.dataset.round === from.dataset.round;
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-person]") ?? null;
  if (dragged) {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.person);
  }
});

document.addEventListener("dragover", (event) => {
  const target = place(event.target);
  if (fits(target)) {
    event.preventDefault();
    target.classList.add("drop-here");
  }
});

document.addEventListener("dragleave", (event) => place(event.target)?.classList.remove("drop-here"));

document.addEventListener("dragend", () => {
  document.querySelectorAll(".drop-here").forEach((element) => element.classList.remove("drop-here"));
  dragged = null;
});

document.addEventListener("drop", (event) => {
  const target = place(event.target);
  if (!fits(target)) return;
  event.preventDefault();
  const wanted = new URLSearchParams({
    registration: dragged.dataset.person,
    round_number: target.dataset.round,
    table: target.dataset.table,
  });
  location.assign(`${script.dataset.move}?${wanted}`);
});
