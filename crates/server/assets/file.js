// Reads a chosen file into the text field. The page also works without this script: the text can be pasted.
const [choice, text] = [document.querySelector("[data-file]"), document.querySelector("[data-text]")];

choice.hidden = false;
choice.querySelector("input").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  // Devices never write larger files.
  if (file && file.size <= 8192) text.value = await file.text();
});
