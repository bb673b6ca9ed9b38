/* The roll call answers a tap without a new page; the wall screen follows. Without this, forms do what they say. */

const SCREEN_EVERY = 250; // milliseconds between an answer and the next question
const AFTER_FAULT = 3000;

async function part(selector, request) {
  const answer = await fetch(...request);
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(selector);
}

function replace(selector, fresh) {
  const shown = document.querySelector(selector);
  if (fresh && shown && fresh.innerHTML !== shown.innerHTML) shown.innerHTML = fresh.innerHTML;
}

const roll = document.querySelector("[data-roll]");
roll?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const seat = body.get("seat");
  event.submitter.disabled = true;
  try {
    replace("#roll", await part("#roll", [form.action, { method: "POST", body }]));
    document.getElementById(`s-${seat}`)?.querySelector("button")?.focus();
  } catch {
    HTMLFormElement.prototype.submit.call(withSubmitter(form, event.submitter));
  }
});

/* What a refused or lost tap becomes: the page's own way, which says what is wrong. */
function withSubmitter(form, submitter) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = submitter.name;
  field.value = submitter.value;
  form.append(field);
  return form;
}

async function follow() {
  for (;;) {
    let wait = SCREEN_EVERY;
    try {
      if (!document.hidden) replace("#wall", await part("#wall", [location.href]));
    } catch {
      wait = AFTER_FAULT;
    }
    await new Promise((done) => setTimeout(done, wait));
  }
}
if (document.querySelector("[data-wall]")) follow();
