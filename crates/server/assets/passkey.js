// Passkeys: offers them in the browser's autofill, signs in with a button, and adds new ones. The pages also
// work without this script.
const credentials = window.PublicKeyCredential;
const supported = credentials?.parseRequestOptionsFromJSON && credentials?.parseCreationOptionsFromJSON;

async function begin(form) {
  const answer = await fetch(`${form.getAttribute("action")}/options`, { method: "POST" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

function send(form, ceremony, credential) {
  form.elements.ceremony.value = ceremony;
  form.elements.answer.value = JSON.stringify(credential.toJSON());
  form.submit();
}

const signIn = document.getElementById("passkey-sign-in");
let waiting = new AbortController();

// The server accepts an answer for ten minutes. A page that stays open therefore requests new options
// earlier.
const AGAIN = 8 * 60 * 1000;

async function ask(mediation) {
  waiting.abort();
  const mine = (waiting = new AbortController());
  const { publicKey, ceremony } = await begin(signIn);
  const options = credentials.parseRequestOptionsFromJSON(publicKey);
  if (mine.signal.aborted) return;
  send(signIn, ceremony, await navigator.credentials.get({ publicKey: options, mediation, signal: mine.signal }));
}

function offer() {
  ask("conditional").catch(() => {});
}

if (signIn && supported) {
  signIn.hidden = false;
  // If the person closes the browser's dialog, the password form still works.
  signIn.addEventListener("submit", (event) => {
    event.preventDefault();
    ask("optional").catch(() => {});
  });
  // At this address, the page reports a refused passkey. Another automatic offer could repeat the refusal
  // forever.
  const refused = location.pathname === signIn.getAttribute("action");
  if (!refused && (await credentials.isConditionalMediationAvailable?.())) {
    offer();
    setInterval(offer, AGAIN);
  }
}

const adding = document.getElementById("passkey-add");

if (adding && supported) {
  adding.hidden = false;
  adding.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = adding.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const { publicKey, ceremony } = await begin(adding);
      const options = credentials.parseCreationOptionsFromJSON(publicKey);
      send(adding, ceremony, await navigator.credentials.create({ publicKey: options }));
    } catch {
      failed.hidden = false;
    }
  });
}
