// Runs in the browser, where scripts are allowed. Every page works without it.

// Longer than any answer takes; then a press that was stopped may be repeated.
const REARM_AFTER = 10_000;
const COPIED_FOR = 4_000;

/** The words of the page's language. */
const texts = document.body.dataset;

/** The second press of a button would show the answer to the second request in place of the first one's. */
function disarmOnSubmit(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent === 'true') return event.preventDefault();
    if (event.submitter?.formNoValidate !== true && isTooLarge(form)) return event.preventDefault();
    setSent(form, true);
    setTimeout(() => setSent(form, false), REARM_AFTER);
  });
}

/** Programs that send forms by script make no trusted event. Keys and assistive technology do. */
function confirmByPerson(form) {
  form.addEventListener('click', (event) => {
    if (!event.isTrusted || event.target.closest('button') === null) return;
    if (form.elements.confirm !== undefined) return;
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'confirm';
    field.value = 'on';
    form.append(field);
  });
}

function setSent(form, sent) {
  form.dataset.sent = String(sent);
  for (const button of form.querySelectorAll('button')) button.ariaDisabled = String(sent);
}

/** A request above `data-bytes-max` would be refused without the typed message: this keeps it on the page. */
function isTooLarge(form) {
  const box = form.querySelector('textarea[data-bytes-max]');
  if (box === null) return false;
  const bytes = new URLSearchParams(new FormData(form)).toString().length;
  if (bytes <= Number(box.dataset.bytesMax)) return false;
  box.setCustomValidity(texts.tooLarge);
  box.reportValidity();
  box.addEventListener('input', () => box.setCustomValidity(''), { once: true });
  return true;
}

function addCopyButton(box) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'second copy';
  button.textContent = texts.copy;
  button.ariaDescription = box.labels[0]?.textContent ?? '';
  const status = document.createElement('p');
  status.className = 'unseen';
  status.role = 'status';
  button.addEventListener('click', () => void copyFrom(box, button, status));
  box.after(button, status);
}

async function copyFrom(box, button, status) {
  button.textContent = (await copy(box)) ? texts.copied : texts.selected;
  status.textContent = button.textContent;
  setTimeout(() => {
    button.textContent = texts.copy;
    status.textContent = '';
  }, COPIED_FOR);
}

async function copy(box) {
  try {
    await navigator.clipboard.writeText(box.value);
    return true;
  } catch {
    box.select();
    return document.execCommand('copy');
  }
}

/** Times are in UTC in the page, and in the reader's zone where this runs. */
function showLocalTime(time) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  time.textContent = format.format(new Date(time.dateTime));
}

document.querySelector('[aria-invalid="true"]')?.focus();
for (const form of document.forms) disarmOnSubmit(form);
for (const form of document.querySelectorAll('form[data-person]')) confirmByPerson(form);
for (const box of document.querySelectorAll('textarea.value')) addCopyButton(box);
for (const time of document.querySelectorAll('time')) showLocalTime(time);

// A page that comes back from the browser's memory shows no message, and its forms can be sent.
addEventListener('pagehide', () => {
  for (const box of document.querySelectorAll('textarea[data-once]')) box.value = '';
});
addEventListener('pageshow', () => {
  for (const form of document.forms) setSent(form, false);
});
