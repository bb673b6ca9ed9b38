// Shows the choices of a question only while its answer is a choice. Without this module they always show.

const CHOICES = new Set(["one_choice", "several_choices"]);

for (const kind of document.querySelectorAll('select[name^="questions."][name$=".kind"]')) {
  const choices = document.getElementById(kind.id.replace(/kind$/, "choices"))?.closest(".field");
  if (!choices) continue;
  const show = () => {
    choices.hidden = !CHOICES.has(kind.value) && !choices.classList.contains("invalid");
  };
  kind.addEventListener("change", show);
  show();
}
