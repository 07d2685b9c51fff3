// Checks a product key while it is typed. The page works without; nothing is ever corrected by itself.
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
