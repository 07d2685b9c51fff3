// Passkeys: offered with the addresses that the browser fills in, used by a button, and added. The pages work without.
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

// What was asked for is answered within ten minutes or not at all, so a page that is left open asks again.
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
  // Whoever closes the browser's window goes on with the password.
  signIn.addEventListener("submit", (event) => {
    event.preventDefault();
    ask("optional").catch(() => {});
  });
  // The page under this address is the answer to a passkey that was refused; a browser that answers by itself would go round for ever.
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
