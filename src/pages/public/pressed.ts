import type { PageFrame } from '../frame/frame.js';
import { pageOf, type Page } from '../frame/page.js';
import { PressedPage } from './views/pressed-page.js';

const STATUS = 409;

/** The message was opened by this very press. */
export function openedElsewhere(frame: PageFrame, key: string): Page {
  const { texts } = frame;
  const props = {
    title: texts('pressed.opened.title'),
    text: texts('pressed.opened.text'),
    otherwise: texts('pressed.opened.otherwise'),
    back: { href: `/secret/${key}`, label: texts('pressed.opened.back') },
  };
  return pageOf(frame, PressedPage, props, { status: STATUS });
}

/** The generated value was shown by this very press. */
export function shownElsewhere(frame: PageFrame, key: string): Page {
  const { texts } = frame;
  const props = {
    title: texts('pressed.shown.title'),
    text: texts('pressed.shown.text'),
    otherwise: texts('pressed.shown.otherwise'),
    back: { href: `/receipt/${key}`, label: texts('value.back') },
  };
  return pageOf(frame, PressedPage, props, { status: STATUS });
}

/** Another process has the press in work, or has ended in the middle of it. */
export function stillInWork(frame: PageFrame, back: string): Page {
  const { texts } = frame;
  const props = {
    title: texts('pressed.begun.title'),
    text: texts('pressed.begun.text'),
    otherwise: texts('pressed.begun.otherwise'),
    back: { href: back, label: texts('pressed.begun.back') },
  };
  return pageOf(frame, PressedPage, props, { status: STATUS, headers: { 'retry-after': '10' } });
}
