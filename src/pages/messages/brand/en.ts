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

  'images.title': 'Logo and icon',
  'images.lead': 'On every page of {name}, in its mails, and in the browser’s tab.',
  'images.logo': 'Logo',
  'images.logo-dark': 'Logo on dark pages',
  'images.icon': 'Icon',
  'images.logo.hint': 'In the place of the name, above every page: 40 pixels high there.',
  'images.logo-dark.hint':
    'Where the reader’s device is set to dark. Without it, the logo is there too.',
  'images.icon.hint':
    'In the browser’s tab and on a phone’s home screen. Best is a square of 180 pixels or more.',
  'images.limits': 'PNG, JPEG or WebP, at most {bytes, number} bytes.',
  'images.now': '{kind}, as it is now',
  'images.choose': 'Choose a file',
  'images.replace': 'Choose another file',
  'images.upload': '{kind}: upload',
  'images.remove': '{kind}: remove',
  'images.refused': 'The image was not taken. What was there before has stayed.',
  'images.refused.IMAGE_MISSING': 'No file was chosen.',
  'images.refused.IMAGE_TOO_LARGE':
    'The file has more than {bytes, number} bytes. Save the image smaller.',
  'images.refused.IMAGE_FORMAT':
    'This is no PNG, JPEG or WebP image. SVG files are not taken, since they can hold programs: export yours as PNG.',
  'images.refused.IMAGE_ANIMATED': 'The image is animated. Take one that stands still.',
  'images.refused.IMAGE_PIXELS':
    'The image has more than {millions, number} million pixels. Save it smaller.',
  'images.refused.IMAGE_SLOW': 'The image takes too long to read. Take a simpler one.',
  'images.refused.IMAGE_DAMAGED':
    'The file is damaged or incomplete. Save the image again and choose that file.',
  'images.refused.busy': 'Too many images are being read just now.',
  'images.tooLarge':
    'The file is far larger than an image may be here, and nothing was changed. Choose one of at most {bytes, number} bytes.',
} as const;

export type BrandMessages = Readonly<Record<keyof typeof brandEn, string>>;
