/** A program that loads a link by itself: what it is, and the headers that it sends. */
export interface Visitor {
  readonly name: string;
  /** In its order; each is sent to the address of the link. */
  readonly methods: readonly ('GET' | 'HEAD' | 'OPTIONS')[];
  readonly headers: Readonly<Record<string, string>>;
}

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const NAVIGATION = {
  accept: HTML,
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

/** Link previews, scanners of mail and chat, and browsers that load what nobody has asked for yet. */
export const VISITORS: readonly Visitor[] = [
  preview('Slack', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', {
    range: 'bytes=0-32768',
    accept: '*/*',
  }),
  preview('WhatsApp', 'WhatsApp/2.24.6.77 A', { accept: '*/*' }),
  preview('Facebook', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', {
    range: 'bytes=0-524287',
    'accept-encoding': 'deflate, gzip',
  }),
  preview('Telegram', 'TelegramBot (like TwitterBot)', { accept: HTML }),
  preview('X', 'Twitterbot/1.0', { accept: '*/*' }),
  preview('LinkedIn', 'LinkedInBot/1.0 (compatible; Mozilla/5.0; +https://www.linkedin.com)', {}),
  preview('Discord', 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)', {}),
  preview('Signal', 'WhatsApp/2', { accept: HTML }),
  preview(
    'iMessage',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
    { accept: HTML, 'accept-language': 'en-us' },
  ),
  preview(
    'Skype and Teams previews',
    'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5',
    {
      accept: HTML,
    },
  ),
  scanner('Microsoft Safe Links', CHROME, { accept: HTML, 'accept-language': 'en-US' }),
  scanner(
    'Outlook on a desktop',
    'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)',
    {
      'x-ms-cookieuri-requested': 't',
      'x-featureversion': '1',
    },
  ),
  scanner('Office Existence Discovery', 'Microsoft Office Existence Discovery', {}),
  scanner(
    'the image proxy of Gmail',
    'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    {
      accept: 'image/webp,image/*,*/*;q=0.8',
    },
  ),
  scanner('Barracuda', 'BarracudaCentral/1.0', {}),
  scanner('Proofpoint', CHROME, { accept: HTML, via: '1.1 urldefense' }),
  scanner('curl', 'curl/8.5.0', { accept: '*/*' }),
  scanner('a program without a name', '', {}),
  browser('Chrome prefetches', { 'sec-purpose': 'prefetch' }),
  browser('Chrome prefetches by its proxy', { 'sec-purpose': 'prefetch;anonymous-client-ip' }),
  browser('Chrome prerenders', { 'sec-purpose': 'prefetch;prerender' }),
  browser('older browsers prefetch', { purpose: 'prefetch', 'x-moz': 'prefetch' }),
  browser('Safari previews', { purpose: 'preview', 'x-purpose': 'preview' }),
  browser('a browser with everything that a navigation has', { 'sec-fetch-user': '?1' }),
];

function preview(name: string, agent: string, headers: Record<string, string>): Visitor {
  return { name, methods: ['GET', 'GET'], headers: { 'user-agent': agent, ...headers } };
}

function scanner(name: string, agent: string, headers: Record<string, string>): Visitor {
  const methods = ['OPTIONS', 'HEAD', 'GET', 'HEAD', 'GET'] as const;
  return {
    name,
    methods,
    headers: { ...(agent === '' ? {} : { 'user-agent': agent }), ...headers },
  };
}

function browser(name: string, headers: Record<string, string>): Visitor {
  return { name, methods: ['GET'], headers: { 'user-agent': CHROME, ...NAVIGATION, ...headers } };
}

/** A field of a form, as its HTML has it. */
interface FoundField {
  readonly name: string;
  readonly type: string;
  /** Null without the attribute. */
  readonly value: string | null;
}

export interface FoundForm {
  readonly method: string;
  readonly action: string;
  readonly fields: readonly FoundField[];
}

const attribute = (tag: string, name: string): string | null =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? null;

/** The forms of a page as a program reads them that runs no scripts: what is in `noscript` is there for it. */
export function formsIn(html: string): FoundForm[] {
  return [...html.matchAll(/<form\b[^>]*>[^]*?<\/form>/g)].map(([form]) => {
    const [, tag = ''] = /^(<form\b[^>]*>)/.exec(form) ?? [];
    const fields = [...form.matchAll(/<(?:input|button|textarea|select)\b[^>]*>/g)].flatMap(
      ([field]) => {
        const name = attribute(field, 'name');
        const type = attribute(field, 'type') ?? (field.startsWith('<button') ? 'submit' : 'text');
        return name === null ? [] : [{ name, type, value: attribute(field, 'value') }];
      },
    );
    return {
      method: attribute(tag, 'method') ?? 'get',
      action: attribute(tag, 'action') ?? '',
      fields,
    };
  });
}

/** How programs fill in a form that they have found. */
export const FILLERS: Readonly<Record<string, (form: FoundForm) => Record<string, string>>> = {
  'the hidden fields': ({ fields }) => filled(fields.filter(({ type }) => type === 'hidden')),
  'all fields as a browser sends them untouched': ({ fields }) =>
    filled(fields.filter(({ type }) => type !== 'checkbox' && type !== 'submit')),
  'all fields and the button': ({ fields }) =>
    filled(fields.filter(({ type }) => type !== 'checkbox')),
  'all names with the values that are in the page': ({ fields }) => filled(fields),
  'a word in every empty field': ({ fields }) =>
    filled(fields.map((field) => ({ ...field, value: field.value || 'test' }))),
  nothing: () => ({}),
};

function filled(fields: readonly FoundField[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value ?? '']));
}
