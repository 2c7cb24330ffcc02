/** Of the pages where the owner of a domain sets its rules, its images and its look. */
export const brandEn = {
  'brand.save': 'Save',
  'brand.saved': 'Saved. It counts from now on.',
  'brand.refused': 'Nothing was saved. Below you see what needs another value.',

  'policy.title': 'Rules for messages',
  'policy.lead':
    'These rules count for every message with a link on {name}, written on the pages or by the API.',
  'policy.who': 'Who may create',
  'policy.whoHint':
    'Everybody may open links on {name}. You and your account may create them. Visitors without an account may only where you allow it.',
  'policy.homepage': 'Visitors may write messages on the pages',
  'policy.api': 'Programs may create messages by the API, without credentials',
  'policy.lifetimes': 'How long messages wait',
  'policy.max': 'At most',
  'policy.maxNone': 'As long as your plan allows ({time})',
  'policy.default': 'When no time is chosen',
  'policy.defaultNone': '7 days, or less where that is too long',
  'policy.passphrases': 'Passphrases',
  'policy.required': 'Every message needs a passphrase',
  'policy.shortest': 'Shortest passphrase',
  'policy.shortestHint': 'In characters, from {min} to {max}. Empty: {min}.',
  'policy.where': 'Where links open',
  'policy.region': 'Links open with {host} in place of {name} too',
  'policy.regionHint':
    'Without it they open on {name} only. A change counts at once, for links made before too.',
  'policy.refused.order': 'This is longer than the longest time that you allow.',
  'policy.refused.time': 'Choose one of these times.',
  'policy.refused.length': 'Enter a whole number from {min} to {max}, or nothing.',
} as const;

export type BrandMessages = Readonly<Record<keyof typeof brandEn, string>>;
