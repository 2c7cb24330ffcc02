// Runs after enhancements.js on pages that show how something goes on. They work without it, by their buttons.
(() => {
  const { lang } = document.documentElement;
  const texts = document.body.dataset;
  const COPIED_FOR = 4_000;
  const zoned = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' });
  const toTheSecond = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'medium' });
  const status = document.querySelector('[data-announce]');

  const currentPart = () => document.querySelector('[data-live]');

  function addCopyButton(text) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'second small';
    button.textContent = texts.copy;
    button.ariaLabel = text.dataset.copy;
    button.addEventListener('click', () => void copyFrom(text, button));
    text.after(button);
  }

  async function copyFrom(text, button) {
    button.textContent = (await copyText(text)) ? texts.copied : texts.selected;
    if (status !== null) status.textContent = button.textContent;
    setTimeout(() => (button.textContent = texts.copy), COPIED_FOR);
  }

  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(text);
      return false;
    }
  }

  function enhance(root) {
    for (const text of root.querySelectorAll('code[data-copy]')) addCopyButton(text);
    for (const time of root.querySelectorAll('time')) {
      // The one that the events change has its seconds from the beginning: what follows it does not move.
      const format = time.closest('.check') === null ? zoned : toTheSecond;
      time.textContent = format.format(new Date(time.dateTime));
    }
  }

  /** A page, without a sink for HTML as text. @param form sent for it; absent: none */
  function loadPage(url, form) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(form === undefined ? 'GET' : 'POST', url);
      request.responseType = 'document';
      request.addEventListener('load', () => resolve(request.response));
      request.addEventListener('error', reject);
      request.send(form);
    });
  }

  function replacePart(fresh) {
    const part = currentPart();
    const opened = [...part.querySelectorAll('details')].map(({ open }) => open);
    const hadFocus = part.contains(document.activeElement);
    const before = headlineOf(part);
    part.replaceWith(document.adoptNode(fresh));
    fresh
      .querySelectorAll('details')
      .forEach((details, at) => (details.open = opened[at] ?? false));
    for (const form of fresh.querySelectorAll('form')) disarmOnSubmit(form);
    enhance(fresh);
    note(fresh, fresh.dataset.watching);
    if (hadFocus) fresh.querySelector('.check button')?.focus();
    const after = headlineOf(fresh);
    if (status !== null && after !== before) status.textContent = after;
  }

  function headlineOf(part) {
    return part.querySelector('[data-headline]')?.textContent ?? '';
  }

  function note(part, text) {
    const place = part.querySelector('[data-live-note]');
    if (place !== null) place.textContent = text;
  }

  function watch(events) {
    const page = events.replace(/\/events$/, '');
    const source = new EventSource(events);
    // Before the page is drawn: what is below the note does not move. An error takes it back.
    note(currentPart(), currentPart().dataset.watching);
    let wanted = null;
    let isLoading = false;

    async function refresh() {
      isLoading = true;
      while (wanted !== currentPart().dataset.version) {
        const aim = wanted;
        const fresh = (await loadPage(page)).querySelector('[data-live]');
        if (fresh === null) return location.assign(page);
        replacePart(fresh);
        if (aim === wanted) break;
      }
      isLoading = false;
    }

    source.addEventListener('progress', ({ data }) => {
      const { version, checkedAt } = JSON.parse(data);
      const time = currentPart().querySelector('.check time');
      if (time !== null && checkedAt !== null)
        time.textContent = toTheSecond.format(new Date(checkedAt));
      wanted = version;
      if (!isLoading) refresh().catch(() => (isLoading = false));
    });
    source.addEventListener('end', () => {
      source.close();
      location.assign(page);
    });
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED)
        note(currentPart(), currentPart().dataset.unwatched);
    });
    addEventListener('pagehide', () => source.close());
  }

  /** A brand as it would be: the page for the form as it is has the preview, and what is refused. */
  function preview(form) {
    const QUIET_FOR = 250;
    let timer;
    let sent = 0;

    async function refresh() {
      const turn = (sent += 1);
      const fresh = await loadPage(form.dataset.preview, new URLSearchParams(new FormData(form)));
      const part = fresh?.querySelector('[data-preview-part]');
      if (part === null || part === undefined || turn !== sent) return;
      form.querySelector('[data-preview-part]').replaceWith(part);
      applyLook();
      for (const slot of form.querySelectorAll('[data-slot]')) refuse(slot, fresh);
    }

    function refuse(slot, fresh) {
      const other = fresh.getElementById(slot.id);
      if (other === null || other.textContent === slot.textContent) return;
      slot.replaceChildren(...other.childNodes);
      const field = form.elements[slot.dataset.slot];
      field.ariaInvalid = slot.textContent === '' ? null : 'true';
    }

    function soon() {
      clearTimeout(timer);
      timer = setTimeout(() => void refresh().catch(() => undefined), QUIET_FOR);
    }

    form.addEventListener('input', soon);
    form.addEventListener('click', (event) => {
      const button = event.target.closest('[name=take]');
      if (button === null) return;
      event.preventDefault();
      const [name, colour] = button.value.split(' ');
      const field = form.elements[name];
      field.value = colour;
      field.focus();
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    for (const picker of form.querySelectorAll('[data-picks]')) joinPicker(form, picker);
    applyLook();
  }

  function applyLook() {
    for (const box of document.querySelectorAll('[data-properties]'))
      for (const [name, value] of Object.entries(JSON.parse(box.dataset.properties)))
        box.style.setProperty(name, value);
  }

  /** The browser's choice of colours writes into the text beside it. */
  function joinPicker(form, picker) {
    const text = form.elements[picker.dataset.picks];
    picker.hidden = false;
    picker.addEventListener('input', () => (text.value = picker.value.toUpperCase()));
    text.addEventListener('input', () => {
      if (/^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value.toLowerCase();
    });
  }

  for (const form of document.querySelectorAll('form[data-preview]')) preview(form);

  /** A file above `data-file-bytes-max` would be refused after its upload. */
  function checkSize(input) {
    const max = Number(input.dataset.fileBytesMax);
    const isTooLarge = [...input.files].some(({ size }) => size > max);
    input.setCustomValidity(isTooLarge ? input.dataset.fileTooLarge : '');
    if (isTooLarge) input.reportValidity();
  }

  for (const input of document.querySelectorAll('[data-file-bytes-max]'))
    input.addEventListener('change', () => checkSize(input));
  enhance(document);
  const part = currentPart();
  if (part !== null) watch(part.dataset.live);
})();
