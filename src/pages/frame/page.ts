import { type ComponentType, h } from 'preact';
import { render } from 'preact-render-to-string';
import { FrameContext, type PageFrame } from './frame.js';
import { LIVE_SCRIPT, SCRIPT, type InlineScript } from './served-files.js';
import { LANGUAGE_COOKIE } from '../../shared/visitor-language.js';

/** One HTML answer. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The document, escaped and complete. */
  readonly body: string;
  /**
   * Whether it may be compressed: only a page that has no secret beside what another site can put into its request
   * (docs/decisions/0028).
   */
  readonly isCompressible: boolean;
}

export interface Answer extends Partial<Pick<Page, 'status' | 'headers' | 'isCompressible'>> {
  /** The page shows how something goes on, or has texts to copy: see Layout. */
  readonly isLive?: boolean;
  /** The same as in the Layout of the view. */
  readonly script?: InlineScript;
}

function policyFor(scripts: readonly InlineScript[]): string {
  const hashes = scripts.map(({ hash }) => `'${hash}'`).join(' ');
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `script-src ${hashes}`,
    "require-trusted-types-for 'script'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const CONTENT_SECURITY_POLICY = policyFor([SCRIPT]);
const LIVE_POLICY = policyFor([SCRIPT, LIVE_SCRIPT]);

/**
 * On every page. The referrer policy is not `no-referrer`, because under that a browser sends `Origin: null` with
 * our own forms, which the same-origin check refuses.
 */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  pragma: 'no-cache',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), clipboard-write=(self)',
} as const;

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Renders a view into a page; `headers` are added to those of every page. */
export function pageOf<Props extends object>(
  frame: PageFrame,
  view: ComponentType<Props>,
  props: NoInfer<Props>,
  answer: Answer = {},
): Page {
  return pageWith(frame, documentOf(frame, view, props), answer);
}

/** The document of a page, rendered. */
export function documentOf<Props extends object>(
  frame: PageFrame,
  view: ComponentType<Props>,
  props: NoInfer<Props>,
): string {
  const document = h(FrameContext.Provider, { value: frame }, h(view, props));
  return `<!doctype html>${render(document)}`;
}

/** A page whose document is there already. */
export function pageWith(frame: PageFrame, body: string, answer: Answer = {}): Page {
  const { status = 200, headers = {}, isCompressible = false } = answer;
  return {
    status,
    headers: {
      ...PAGE_HEADERS,
      'content-security-policy': policyOf(answer),
      'content-language': frame.language,
      ...choiceOf(frame),
      ...headers,
    },
    body,
    isCompressible,
  };
}

function policyOf({ isLive = false, script }: Answer): string {
  if (script !== undefined) return policyFor([SCRIPT, script]);
  return isLive ? LIVE_POLICY : CONTENT_SECURITY_POLICY;
}

/** "See Other": the browser gets `path`, and reloading it repeats nothing. */
export function seeOther(path: string): Page {
  return {
    status: 303,
    headers: { ...PAGE_HEADERS, location: path },
    body: '',
    isCompressible: false,
  };
}

/** The language that was chosen on this page is remembered for a year. */
function choiceOf({ chosen }: PageFrame): Readonly<Record<string, string>> {
  if (chosen === null) return {};
  const attributes = `Path=/; Max-Age=${YEAR_SECONDS}; Secure; HttpOnly; SameSite=Lax`;
  return { 'set-cookie': `${LANGUAGE_COOKIE}=${chosen}; ${attributes}` };
}
