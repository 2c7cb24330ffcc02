// Runs after enhancements.js on pages where passkeys are made or shown. A form of passkeys is hidden until it has found
// that the browser knows them.
(() => {
  // A challenge is valid for five minutes.
  const ASK_AGAIN_AFTER = 240_000;
  const { PublicKeyCredential: Passkey } = window;
  const isAble =
    typeof Passkey?.parseCreationOptionsFromJSON === 'function' &&
    typeof Passkey.parseRequestOptionsFromJSON === 'function';
  /** What waits for a choice in the list of the address's field. */
  let waiting = null;

  /** What the browser and its authenticator are asked for; null: the form itself says why not. */
  async function optionsFor({ dataset, elements }) {
    const headers = elements.csrf === undefined ? {} : { 'x-csrf-token': elements.csrf.value };
    const answer = await fetch(dataset.options, { method: 'POST', headers });
    if ([401, 403, 404].includes(answer.status)) return null;
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return (await answer.json()).record;
  }

  async function credentialFor(form, more = {}) {
    const options = await optionsFor(form);
    if (options === null) return null;
    const credential =
      form.dataset.passkey === 'create'
        ? await navigator.credentials.create({
            publicKey: Passkey.parseCreationOptionsFromJSON(options),
          })
        : await navigator.credentials.get({
            publicKey: Passkey.parseRequestOptionsFromJSON(options),
            ...more,
          });
    return JSON.stringify(credential);
  }

  /** Not by the button: the form has been looked at. */
  function send(form, credential) {
    form.elements.response.value = credential ?? '';
    form.submit();
  }

  async function press(form) {
    stopWaiting();
    say(form, form.dataset.asking);
    try {
      send(form, await credentialFor(form));
    } catch ({ name }) {
      setSent(form, false);
      const isClosed = name === 'NotAllowedError' || name === 'AbortError';
      const { known, closed, failed } = form.dataset;
      say(form, name === 'InvalidStateError' ? known : isClosed ? closed : failed);
      void offerInField(form);
    }
  }

  function say(form, text) {
    form.querySelector('[role="status"]').textContent = text ?? '';
  }

  function stopWaiting() {
    clearTimeout(waiting?.timer);
    waiting?.abort.abort();
    waiting = null;
  }

  /** The passkeys of this device are in the list of what the address's field may be filled with. */
  async function offerInField(form) {
    const field = document.querySelector('[data-passkeys]');
    if (field === null || form.dataset.passkey !== 'get') return;
    // One was refused just now: a browser that answers by itself would send it for ever.
    if (location.pathname === new URL(form.action).pathname) return;
    if (!(await Passkey.isConditionalMediationAvailable?.())) return;
    field.autocomplete = 'username webauthn';
    await wait(form);
  }

  async function wait(form) {
    stopWaiting();
    const abort = new AbortController();
    waiting = { abort, timer: setTimeout(() => waitAgain(form), ASK_AGAIN_AFTER) };
    try {
      const more = { mediation: 'conditional', signal: abort.signal };
      const credential = await credentialFor(form, more);
      if (credential !== null) send(form, credential);
    } catch {
      // The button still asks, and says what is wrong.
    }
  }

  /** A page that nobody looks at needs no challenge. */
  function waitAgain(form) {
    if (!document.hidden) return void wait(form);
    const onShown = () => document.hidden || void wait(form);
    document.addEventListener('visibilitychange', onShown, { once: true });
  }

  for (const part of document.querySelectorAll('[data-unable]')) part.hidden = isAble;
  if (!isAble) return;
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      // A second press was refused before.
      if (event.defaultPrevented) return;
      event.preventDefault();
      void press(form);
    });
    void offerInField(form);
  }
})();
