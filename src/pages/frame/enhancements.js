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
    if (!event.isTrusted || event.target.closest('button')?.type !== 'submit') return;
    if (form.elements.confirm !== undefined) return;
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'confirm';
    field.value = 'on';
    form.append(field);
  });
}

/** Typed letters are shown until the form is sent, so that browsers remember it as a password only. */
function addShowButton(field) {
  const button = newButton(texts.show, field);
  const show = (isShown) => {
    field.type = isShown ? 'text' : 'password';
    button.textContent = isShown ? texts.hide : texts.show;
  };
  button.addEventListener('click', () => show(field.type === 'password'));
  field.form?.addEventListener('submit', () => show(false));
  field.after(button);
}

/** A button of the script, about a field. */
function newButton(text, field) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'second small tool';
  button.textContent = text;
  button.ariaDescription = field.labels[0]?.textContent ?? '';
  return button;
}

/** What the reader of a message may do with it. */
function addTools(tools, box) {
  const { download, file, cleared } = tools.dataset;
  const save = newButton(download, box);
  save.addEventListener('click', () => saveText(box.value, file));
  const hide = newButton(texts.hide, box);
  let kept = null;
  hide.addEventListener('click', () => {
    const isHidden = kept !== null;
    const text = isHidden ? kept : '\u2022'.repeat(12);
    kept = isHidden ? null : box.value;
    showOnly(box, text);
    hide.textContent = isHidden ? texts.hide : texts.show;
    for (const button of box.parentElement.querySelectorAll('.copy, .tool'))
      button.disabled = !isHidden && button !== hide;
  });
  tools.before(save, hide);
  tools.hidden = false;
  let timer = 0;
  const clear = () => {
    kept = null;
    clearTimeout(timer);
    showOnly(box, '');
    const note = document.createElement('p');
    note.className = 'notice';
    note.role = 'status';
    tools.parentElement.querySelector('.notice')?.remove();
    for (const button of tools.parentElement.querySelectorAll('.copy, .tool')) button.remove();
    tools.replaceWith(note);
    note.textContent = cleared;
    removeEventListener('pagehide', clear);
  };
  tools.querySelector('select').addEventListener('change', ({ target }) => {
    clearTimeout(timer);
    if (target.value !== '0') timer = setTimeout(clear, Number(target.value) * 60_000);
  });
  addEventListener('pagehide', clear);
}

/** The text that came with the page is in the box too, behind what it shows. */
function showOnly(box, text) {
  box.defaultValue = '';
  box.value = text;
}

function saveText(text, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
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
for (const field of document.querySelectorAll('input[type=password]')) addShowButton(field);
const toolsOfMessage = document.querySelector('#tools');
if (toolsOfMessage !== null)
  addTools(toolsOfMessage, document.querySelector('textarea[data-once]'));
for (const time of document.querySelectorAll('time')) showLocalTime(time);

// A page that comes back from the browser's memory shows no message, and its forms can be sent.
addEventListener('pagehide', () => {
  for (const box of document.querySelectorAll('textarea[data-once]')) showOnly(box, '');
});
addEventListener('pageshow', () => {
  for (const form of document.forms) setSent(form, false);
});
