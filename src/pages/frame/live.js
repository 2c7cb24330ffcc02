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
    for (const time of root.querySelectorAll('time[data-zone]')) {
      // The one that the events change has its seconds from the beginning: what follows it does not move.
      const format = time.closest('.check') === null ? zoned : toTheSecond;
      time.textContent = format.format(new Date(time.dateTime));
    }
  }

  /** The page again, without a sink for HTML as text. */
  function loadPage(url) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('GET', url);
      request.responseType = 'document';
      request.addEventListener('load', () => resolve(request.response));
      request.addEventListener('error', reject);
      request.send();
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
