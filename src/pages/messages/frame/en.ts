/** On every page. */
export const frameEn = {
  'frame.language': 'Language',
  'frame.copy': 'Copy',
  'frame.copied': 'Copied',
  'frame.selected': 'Selected: copy it now',
  'frame.show': 'Show',
  'frame.hide': 'Hide',
  'frame.tooLarge': 'That is far more than fits into one message. Nothing was sent.',
  'frame.skip': 'Go to the content',
  'frame.tryAgain':
    '{seconds, plural, one {Try again in a second.} other {Try again in # seconds.}}',
  'frame.tryAgainLong':
    '{seconds, plural, other {Try again in # seconds}}, which is {minutes, plural, one {a minute} other {# minutes}}.',
  'frame.support': 'Questions? Write to {email}.',
} as const;

export type FrameMessages = Readonly<Record<keyof typeof frameEn, string>>;
