// Runs in the browser, where scripts are allowed. Every page works without it.

// Longer than any answer takes; then a press that was stopped may be repeated.
const REARM_AFTER = 10_000;
const COPIED_FOR = 4_000;

/** The second press of a button would show the answer to the second request in place of the first one's. */
function disarmOnSubmit(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent === 'true') return event.preventDefault();
    if (event.submitter?.formNoValidate !== true && isTooLarge(form)) return event.preventDefault();
    setSent(form, true);
    setTimeout(() => setSent(form, false), REARM_AFTER);
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
  box.setCustomValidity('That is far more than fits into one message. Nothing was sent.');
  box.reportValidity();
  box.addEventListener('input', () => box.setCustomValidity(''), { once: true });
  return true;
}

function addCopyButton(box) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'second copy';
  button.textContent = 'Copy';
  button.ariaDescription = box.labels[0]?.textContent ?? '';
  const status = document.createElement('p');
  status.className = 'unseen';
  status.role = 'status';
  button.addEventListener('click', () => void copyFrom(box, button, status));
  box.after(button, status);
}

async function copyFrom(box, button, status) {
  button.textContent = (await copy(box)) ? 'Copied' : 'Selected: copy it now';
  status.textContent = button.textContent;
  setTimeout(() => {
    button.textContent = 'Copy';
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

for (const form of document.forms) disarmOnSubmit(form);
for (const box of document.querySelectorAll('textarea.value')) addCopyButton(box);

// A page that comes back from the browser's memory shows no message, and its forms can be sent.
addEventListener('pagehide', () => {
  for (const box of document.querySelectorAll('textarea[data-once]')) box.value = '';
});
addEventListener('pageshow', () => {
  for (const form of document.forms) setSent(form, false);
});
