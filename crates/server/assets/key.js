// Checks a product key while it is typed. The page also works without this script. The script never changes
// the typed text.
const field = document.querySelector("[data-key]");
const said = document.getElementById("key-check");
let turn = 0;

field.addEventListener("input", () => {
  const mine = ++turn;
  setTimeout(async () => {
    if (mine !== turn) return;
    const body = new URLSearchParams({ product_key: field.value });
    const answer = await fetch("/link/check", { method: "POST", body });
    if (answer.ok && mine === turn) said.innerHTML = await answer.text();
  }, 150);
});
