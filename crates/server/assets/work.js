// Computes the proof of work while the person fills in the form. The form is submitted after the proof is
// found.
const field = document.querySelector("[data-challenge]");
const { challenge, bits } = field.dataset;
const waiting = document.getElementById("work");
const AT_ONCE = 512;

async function solve() {
  const encoder = new TextEncoder();
  for (let first = 0; ; first += AT_ONCE) {
    const proofs = Array.from({ length: AT_ONCE }, (_, step) => `${challenge}:${first + step}`);
    const digests = await Promise.all(proofs.map((proof) => crypto.subtle.digest("SHA-256", encoder.encode(proof))));
    const found = digests.findIndex((digest) => Math.clz32(new DataView(digest).getUint32(0)) >= bits);
    if (found >= 0) return proofs[found];
  }
}

// If the computation fails, the form is submitted without a proof, and the server explains the error.
const solved = solve().catch(() => "");

field.form.addEventListener("submit", async (event) => {
  if (field.value) return;
  event.preventDefault();
  waiting.hidden = false;
  field.value = await solved;
  field.form.submit();
});
