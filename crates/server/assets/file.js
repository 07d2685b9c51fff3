// Reads a chosen file into the field below it. The page works without: its text can be pasted.
const [choice, text] = [document.querySelector("[data-file]"), document.querySelector("[data-text]")];

choice.hidden = false;
choice.querySelector("input").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  // No device saves one that is larger.
  if (file && file.size <= 8192) text.value = await file.text();
});
