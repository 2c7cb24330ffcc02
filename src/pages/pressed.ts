import { pageOf, type Page } from './page.js';
import { PressedPage } from './views/pressed-page.js';

const STATUS = 409;

/** The message was opened by this very press. */
export function openedElsewhere(key: string): Page {
  const props = {
    title: 'Your press has opened the message',
    text: 'The button was pressed twice, and the first press has opened the message. It is in the other answer to your press: look for it in your other tabs and windows, and keep that page open until you have copied it.',
    otherwise:
      'It cannot be shown a second time. If you do not find it, tell the person who sent it to you that it was lost by a double click, and ask for a new link.',
    back: { href: `/secret/${key}`, label: 'Back to the link' },
  };
  return pageOf(PressedPage(props), { status: STATUS });
}

/** The generated value was shown by this very press. */
export function shownElsewhere(key: string): Page {
  const props = {
    title: 'Your press has shown the password',
    text: 'The button was pressed twice, and the first press has shown the generated password. It is in the other answer to your press: look for it in your other tabs and windows, and keep that page open until you have copied it.',
    otherwise: 'It cannot be shown a second time here. The link still opens it, once.',
    back: { href: `/receipt/${key}`, label: 'Back to the receipt' },
  };
  return pageOf(PressedPage(props), { status: STATUS });
}

/** Another process has the press in work, or has ended in the middle of it. */
export function stillInWork(back: string): Page {
  const props = {
    title: 'Your press is still in work',
    text: 'The button was pressed twice, and the first press has not been answered yet. Its answer is in your other tab or window, if it comes.',
    otherwise:
      'The page before this one shows how things stand. It can be loaded as often as you like.',
    back: { href: back, label: 'Look how things stand' },
  };
  return pageOf(PressedPage(props), { status: STATUS, headers: { 'retry-after': '10' } });
}
